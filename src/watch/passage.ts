import { BodyWatch, type WatchedEvent, type WatchOptions } from './body-watch.ts';
import { HeldBytes } from './held-bytes.ts';

interface Span {
  readonly start: number;
  readonly end: number;
}

/**
 * Passes the bytes of a body on as they come, but for events that are taken out of it. An event is held until it is known
 * whole (at most 1 MiB: what is larger is not taken out), everything else leaves at once.
 */
export class Passage {
  readonly watch: BodyWatch;
  readonly #held = new HeldBytes();
  readonly #out: Span[] = [];

  /** @param takes true for an event that is taken out */
  constructor(options: WatchOptions, takes: (event: WatchedEvent) => boolean) {
    this.watch = new BodyWatch({
      ...options,
      onEvent: (event) => {
        options.onEvent?.(event);
        if (takes(event)) this.#out.push(event);
      },
    });
  }

  /** The next bytes in, those that may leave now out: the same bytes where nothing is held or taken out. */
  push(bytes: Uint8Array): readonly Uint8Array[] {
    const from = this.watch.bytes - this.#held.length;
    this.watch.push(bytes);
    const { settled } = this.watch;
    if (this.#held.length === 0 && settled === this.watch.bytes && this.#out.length === 0) return [bytes];
    this.#held.add(bytes);
    if (settled === from) return [];
    const all = this.#held.copy();
    this.#held.clear();
    this.#held.add(all.subarray(settled - from));
    return this.#without(all.subarray(0, settled - from), from);
  }

  /** What is held when the body ends: it was not taken out. Call it once the watch was told of the end. */
  rest(): readonly Uint8Array[] {
    const from = this.watch.bytes - this.#held.length;
    return this.#without(this.#held.copy(), from);
  }

  #without(bytes: Uint8Array, from: number): readonly Uint8Array[] {
    const kept: Uint8Array[] = [];
    let at = 0;
    for (const { start, end } of this.#out.splice(0)) {
      kept.push(bytes.subarray(at, start - from));
      at = end - from;
    }
    kept.push(bytes.subarray(at));
    return kept.filter(({ length }) => length > 0);
  }
}

/** A chunk with usage and an empty list of choices, as servers add it where usage was asked for. */
export const isAddedUsage = ({ chunk }: WatchedEvent): boolean =>
  chunk !== null &&
  chunk.error === null &&
  chunk.usage.kind === 'value' &&
  typeof chunk.choices !== 'string' &&
  chunk.choices.length === 0;
