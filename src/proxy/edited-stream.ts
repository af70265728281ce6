import { BodyWatch, type WatchedEvent, type WatchOptions } from '../watch/body-watch.ts';
import { HeldBytes } from '../watch/held-bytes.ts';

/** What becomes of an event: it passes, is taken out, or is held with all that follows it. */
export type Fate = 'pass' | 'take-out' | 'hold';

/** More than this is not held: then all that comes passes. */
const MOST_HELD = 1024 * 1024;

/** Bytes of a stream on their way to the client, some events of it taken out or held. Comments and blank lines stay. */
export class EditedStream {
  readonly watch: BodyWatch;
  readonly #held = new HeldBytes();
  readonly #out: WatchedEvent[] = [];
  /** Where the event begins that is held. */
  #stop: number | null = null;

  constructor(
    options: Omit<WatchOptions, 'onEvent'>,
    fateOf: (event: WatchedEvent, watch: BodyWatch) => Fate,
  ) {
    this.watch = new BodyWatch({
      ...options,
      onEvent: (event) => {
        if (this.#stop !== null) return;
        const fate = fateOf(event, this.watch);
        if (fate === 'take-out') this.#out.push(event);
        if (fate === 'hold') this.#stop = event.start;
      },
    });
  }

  get isHolding(): boolean {
    return this.#stop !== null;
  }

  /** The next bytes in, those that may leave now out. */
  push(bytes: Uint8Array): readonly Uint8Array[] {
    const from = this.watch.bytes - this.#held.length;
    this.watch.push(bytes);
    const until = Math.min(this.watch.settled, this.#stop ?? Number.POSITIVE_INFINITY);
    if (this.#held.length === 0 && until === this.watch.bytes && this.#out.length === 0) return [bytes];
    this.#held.add(bytes);
    if (this.#held.length > MOST_HELD && this.#stop !== null) {
      this.#stop = null;
      return this.rest();
    }
    return until > from ? this.#leaving(until, from) : [];
  }

  /** All that is held, when the body ends. */
  rest(): readonly Uint8Array[] {
    return this.#leaving(this.watch.bytes, this.watch.bytes - this.#held.length);
  }

  #leaving(until: number, from: number): readonly Uint8Array[] {
    const all = this.#held.copy();
    this.#held.clear();
    this.#held.add(all.subarray(until - from));
    const kept: Uint8Array[] = [];
    let at = 0;
    for (const { start, end } of this.#out.splice(0)) {
      kept.push(all.subarray(at, start - from));
      at = end - from;
    }
    kept.push(all.subarray(at, until - from));
    return kept.filter(({ length }) => length > 0);
  }
}
