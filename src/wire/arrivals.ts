/** Times that are kept: enough to see pauses and bursts, and little beside the frames of a finding. */
const MOST = 128;

/**
 * When the frames of a body came: each of them up to 128, then every second, every fourth …, so that what is kept stays
 * evenly spread over the stream, and the last one always. Flat memory.
 */
export class Arrivals {
  #times: number[] = [];
  #every = 1;
  #count = 0;
  #last = 0;

  /** Frames that came. */
  get count(): number {
    return this.#count;
  }

  /** The next frame came, `at` ms after the request was sent. */
  add(at: number): void {
    this.#last = Math.round(at * 10) / 10;
    if (this.#count % this.#every === 0) {
      if (this.#times.length === MOST) {
        this.#times = this.#times.filter((_, i) => i % 2 === 0);
        this.#every *= 2;
      }
      this.#times.push(this.#last);
    }
    this.#count += 1;
  }

  /** In tenths of a ms, ascending. */
  list(): readonly number[] {
    const lastIsIn = this.#count === 0 || (this.#count - 1) % this.#every === 0;
    return lastIsIn ? this.#times : [...this.#times, this.#last];
  }
}
