/** Tells when a connection has been silent for too long. */
export class Silence {
  readonly #limitMs: number;
  readonly #onTooLong: () => void;
  #timer: NodeJS.Timeout | null = null;

  /** Begins to measure. */
  constructor(limitMs: number, onTooLong: () => void) {
    this.#limitMs = limitMs;
    this.#onTooLong = onTooLong;
    this.measure();
  }

  /** Something came. */
  broken(): void {
    this.#timer?.refresh();
  }

  /** Whoever reads is slow: that nothing comes now is not the server's doing. */
  pause(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  /** Measures anew, from now on. */
  measure(): void {
    this.pause();
    this.#timer = setTimeout(this.#onTooLong, this.#limitMs);
  }
}
