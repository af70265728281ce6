import type { Progress } from '../../run/options.ts';
import { harmless } from '../../text/harmless.ts';
import { inSeconds } from '../../wire/limits.ts';

/** What is asked of the stream that is written to. */
export type Screen = Partial<Pick<NodeJS.WriteStream, 'isTTY' | 'columns' | 'rows'>> & {
  write(text: string): unknown;
};

/** ms: on a terminal the clock moves; elsewhere CI systems end jobs that are silent for long. */
const TICK_MS = { terminal: 1000, elsewhere: 30_000 };
/** Characters of a line in a pipe. */
const LONGEST_LINE = 500;

interface Running {
  readonly event: Progress;
  /** When its first event came. */
  readonly since: number;
}

/**
 * How far a run is: on a terminal a line for each server, written over, or one for all where there is no room; elsewhere a
 * line each 30 s.
 */
export function progressOn(stream: Screen) {
  const live = stream.isTTY === true;
  const servers = new Map<string, Running>();
  let drawn = 0;
  const wipe = () => {
    if (!live) return;
    stream.write(`\r\x1b[2K${'\x1b[1A\x1b[2K'.repeat(Math.max(0, drawn - 1))}`);
    drawn = 0;
  };
  const draw = () => {
    wipe();
    const texts = [...servers.values()].map(textOf);
    const lines = texts.length < (stream.rows ?? 24) ? texts : [texts.join(' · ')];
    const columns = Math.max(10, (stream.columns ?? 80) - 1);
    stream.write(lines.map((line) => harmless(line).slice(0, columns)).join('\n'));
    drawn = lines.length;
  };
  const say = (text: string) => void stream.write(`lastchunk: ${harmless(text, LONGEST_LINE)}\n`);
  const tick = () => {
    if (servers.size === 0) return;
    if (live) draw();
    else say(`still at work: ${[...servers.values()].map(textOf).join(' · ')}`);
  };
  const clock = setInterval(tick, live ? TICK_MS.terminal : TICK_MS.elsewhere);
  clock.unref();
  return {
    show(event: Progress): void {
      const before = servers.get(event.server);
      const running = { event, since: before?.since ?? performance.now() };
      servers.set(event.server, running);
      if (live) draw();
      else if (event.waitMs !== undefined && before?.event.waitMs === undefined) say(textOf(running));
    },
    /** On a terminal: lines that stay, above those that are written over. */
    tell(text: string): void {
      if (!live) return;
      wipe();
      stream.write(text);
      draw();
    },
    /** It has ended: those that run have the room. */
    forget: (server: string) => void servers.delete(server),
    /** Makes room for a line of another stream. */
    clear: wipe,
    end(): void {
      clearInterval(clock);
      servers.clear();
      wipe();
    },
  };
}

/** "server 0:07 34/~152 chat grow" */
function textOf({ event, since }: Running): string {
  const { server, done, of, doing, waitMs } = event;
  const seconds = Math.floor((performance.now() - since) / 1000);
  const elapsed = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
  const far = of > 0 ? `${done}/~${of} ` : '';
  return `${server} ${elapsed} ${far}${doing}${waitMs === undefined ? '' : `, ${inSeconds(waitMs)} at most`}`;
}
