/** Bytes that are put together from pieces, in one growing buffer: any split costs the same in all. */
export class HeldBytes {
  #buffer = new Uint8Array(0);
  length = 0;

  add(piece: Uint8Array): void {
    const needed = this.length + piece.length;
    if (needed > this.#buffer.length) {
      const grown = new Uint8Array(Math.max(needed, 2 * this.#buffer.length, 256));
      grown.set(this.#buffer.subarray(0, this.length));
      this.#buffer = grown;
    }
    this.#buffer.set(piece, this.length);
    this.length = needed;
  }

  /** What is held, as a copy. */
  copy(): Uint8Array {
    return this.#buffer.slice(0, this.length);
  }

  /** What is held, until the next piece comes. */
  view(): Uint8Array {
    return this.#buffer.subarray(0, this.length);
  }

  clear(): void {
    this.length = 0;
    if (this.#buffer.length > LARGE) this.#buffer = new Uint8Array(0);
  }
}

/** A buffer that grew over this is let go rather than kept for the next event. */
const LARGE = 64 * 1024;
