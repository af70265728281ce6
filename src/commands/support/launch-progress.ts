/** What launched servers are doing: live lines on a terminal; elsewhere a line for each phase, and signs of life. */

import type { Progress } from '../../run/options.ts';
import { duration } from '../../text/duration.ts';
import { harmless } from '../../text/harmless.ts';
import { progressOn, type Screen } from './progress.ts';

/** ms: CI systems end jobs that are silent for long, and a compile takes minutes. */
const signOfLifeMs = { terminal: 1000, elsewhere: 30_000 };

type Phase = 'installing' | 'starting' | 'checking' | 'stopped';

export interface LaunchProgress {
  phase(server: string, phase: Phase): void;
  /** The newest line of an installer: an environment that is there already prints none. */
  line(server: string, text: string): void;
  /** Of the requests sent. */
  show(event: Progress): void;
  /** Makes room for a line of another stream. */
  clear(): void;
  end(): void;
}

export function launchProgress(stream: Screen): LaunchProgress {
  const terminal = stream.isTTY === true;
  const live = progressOn(stream);
  const states = new Map<string, { readonly phase: Phase; readonly since: number; newest: string }>();
  const say = (text: string) => {
    if (!terminal) stream.write(`lastchunk: ${harmless(text, 200)}\n`);
  };
  const draw = (server: string, text: string) => {
    if (terminal) live.show({ server, done: 0, of: 0, doing: text });
  };
  const enter = (server: string, phase: Phase) => {
    if (states.get(server)?.phase === phase) return;
    states.set(server, { phase, since: performance.now(), newest: '' });
    if (phase === 'stopped') return live.forget(server);
    say(`${server}: ${phase}`);
    draw(server, phase);
  };
  const tick = () => {
    for (const [server, { phase, since, newest }] of states) {
      const tookMs = performance.now() - since;
      if ((phase !== 'installing' && phase !== 'starting') || tookMs < signOfLifeMs.terminal) continue;
      const text = `${phase} ${duration(tookMs)}${newest === '' ? '' : `: ${newest}`}`;
      say(`${server}: still ${text}`);
      draw(server, text);
    }
  };
  const timer = setInterval(tick, terminal ? signOfLifeMs.terminal : signOfLifeMs.elsewhere);
  timer.unref();
  return {
    phase: enter,
    line(server, text) {
      if (!states.has(server)) enter(server, 'installing');
      const state = states.get(server);
      if (state !== undefined) state.newest = text;
      draw(server, `${state?.phase ?? 'installing'}: ${text}`);
    },
    show: live.show,
    clear: live.clear,
    end() {
      clearInterval(timer);
      live.end();
    },
  };
}
