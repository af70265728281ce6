import type { Ending } from '../model/exchange.ts';

/** Bounds of one request: how long it is waited for, and how much of a body is read. */
export interface WireLimits {
  /** ms until a connection (TLS handshake and proxy tunnel included) stands. */
  readonly connectMs: number;
  /** ms from sending the request to the first byte of the body. */
  readonly firstByteMs: number;
  /** ms between two pieces of a body. */
  readonly idleMs: number;
  /** ms for the request as a whole. */
  readonly totalMs: number;
  /** Bytes of a body, before decompression and after it. */
  readonly bodyBytes: number;
  /** Characters of one line or one event. */
  readonly lineLength: number;
}

/** What holds where the caller says nothing. */
export const DEFAULT_LIMITS: WireLimits = {
  connectMs: 10_000,
  firstByteMs: 60_000,
  idleMs: 60_000,
  totalMs: 120_000,
  bodyBytes: 8 * 1024 * 1024,
  lineLength: 1024 * 1024,
};

/** Bytes of a response's head. */
export const MAX_HEAD_BYTES = 64 * 1024;

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

/** `8 MiB`, `500 KiB`. */
export function inMiB(bytes: number): string {
  return bytes >= 1024 * 1024
    ? `${Math.round(bytes / (1024 * 1024))} MiB`
    : `${Math.round(bytes / 1024)} KiB`;
}
