import { DEFAULT_LIMITS, inMiB } from './limits.ts';

/** A body that is being read. */
export interface BodyInFlight {
  /** Reads no more of it, for the reason given, and lets go what it holds. */
  stop(what: string): void;
}

/**
 * What the bodies of all servers hold together while they are being read. Over the limit the largest of them is stopped:
 * a server that sends too much costs those beside it nothing.
 */
export class BodiesInFlight {
  readonly #held = new Map<BodyInFlight, number>();
  readonly #most: number;
  #total = 0;

  /** @param most bytes */
  constructor(most: number) {
    this.#most = most;
  }

  /** What a body holds now, in bytes; 0 once it is over. May stop this one, or another. */
  holds(body: BodyInFlight, bytes: number): void {
    this.#total += bytes - (this.#held.get(body) ?? 0);
    if (bytes === 0) this.#held.delete(body);
    else this.#held.set(body, bytes);
    while (this.#total > this.#most) this.#stopLargest();
  }

  #stopLargest(): void {
    const [first] = this.#held;
    if (first === undefined) return;
    const [largest] = [...this.#held].reduce((a, b) => (b[1] > a[1] ? b : a), first);
    this.holds(largest, 0);
    largest.stop(`the largest of bodies over ${inMiB(this.#most)} in all`);
  }
}

/** Those of this process. Each may be of full size, also where it is recorded as it comes. */
export const bodiesInFlight = new BodiesInFlight(2 * DEFAULT_LIMITS.bodyBytes);
