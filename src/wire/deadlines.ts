import type { Ending } from '../model/exchange.ts';

/** Timers of one request, all cleared together. */
export class Deadlines {
  readonly #timers = new Set<NodeJS.Timeout>();

  after(ms: number, action: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      action();
    }, ms);
    this.#timers.add(timer);
  }

  clear(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }
}

/** An ending that was our doing. */
export function stopped(why: 'timeout' | 'idle' | 'too-large', what: string): Ending {
  return { kind: 'stopped', why, message: `stopped by lastchunk: ${what}` };
}

/** `800 ms`, `15 s`. */
export function inSeconds(ms: number): string {
  return ms < 1000 ? `${Math.round(ms)} ms` : `${Math.round(ms / 100) / 10} s`;
}
