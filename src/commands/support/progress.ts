import type { Progress } from '../../run/options.ts';
import { harmless } from '../../text/harmless.ts';

/** What is asked of the stream that is written to. */
export type Screen = Partial<Pick<NodeJS.WriteStream, 'isTTY' | 'columns'>> & {
  write(text: string): unknown;
};

/** One line on a terminal that is written over; nothing elsewhere. */
export function progressOn(stream: Screen) {
  const live = stream.isTTY === true;
  const servers = new Map<string, Progress>();
  const wipe = () => {
    if (live) stream.write('\r\x1b[2K');
  };
  return {
    show(event: Progress): void {
      if (!live) return;
      servers.set(event.server, event);
      const text = [...servers.values()]
        .map(({ server, done, of, doing }) => `${server} ${of > 0 ? `${done}/~${of} ` : ''}${doing}`)
        .join(' · ');
      wipe();
      stream.write(harmless(text).slice(0, Math.max(10, (stream.columns ?? 80) - 1)));
    },
    /** It has ended: those that run have the room. */
    forget: (server: string) => void servers.delete(server),
    clear: wipe,
  };
}
