import { setMaxListeners } from 'node:events';

const INTERRUPTS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

export interface Interruptible {
  /** Aborted by Ctrl-C and its like. */
  readonly signal: AbortSignal;
  /** Stops listening. */
  end(): void;
}

/** Has the first interrupt abort what is done, so that what was measured is told; a second one ends the program as it always does. */
export function interruptible(): Interruptible {
  const interrupt = new AbortController();
  // Each server and each request listens for it.
  setMaxListeners(0, interrupt.signal);
  const onInterrupt = () => interrupt.abort();
  for (const signal of INTERRUPTS) process.once(signal, onInterrupt);
  return {
    signal: interrupt.signal,
    end() {
      for (const signal of INTERRUPTS) process.off(signal, onInterrupt);
    },
  };
}
