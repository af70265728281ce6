import { setMaxListeners } from 'node:events';
import { inSeconds } from '../../wire/limits.ts';

const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interruptible {
  /** Aborted by Ctrl-C and its like, and once the time is over. */
  readonly signal: AbortSignal;
  /** Stops listening, and the clock. */
  end(): void;
}

/**
 * Has the first interrupt abort what is done, so that what was measured is told; a second one ends the program as it
 * always does. When the time is over the same happens, with a reason of its own.
 * @param maxDurationMs from now on; null: no bound
 */
export function interruptible(maxDurationMs: number | null): Interruptible {
  const interrupt = new AbortController();
  // Each server and each request listens for it.
  setMaxListeners(0, interrupt.signal);
  const onInterrupt = () => interrupt.abort();
  for (const signal of INTERRUPTS) process.once(signal, onInterrupt);
  const clock =
    maxDurationMs === null
      ? undefined
      : setTimeout(() => {
          const message = `the run was ended after ${inSeconds(maxDurationMs)} (--max-duration)`;
          interrupt.abort(new DOMException(message, 'TimeoutError'));
        }, maxDurationMs).unref();
  return {
    signal: interrupt.signal,
    end() {
      clearTimeout(clock);
      for (const signal of INTERRUPTS) process.off(signal, onInterrupt);
    },
  };
}
