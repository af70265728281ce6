/** One request at a time, in the order in which they came. */
export class Lane {
  #busy = false;
  readonly #waiting: Array<() => void> = [];

  /**
   * Waits for its turn.
   * @returns gives the turn to the next one; to be called once or more
   * @throws the signal's reason where it is aborted before
   */
  async turn(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.#busy) await this.#called(signal);
    this.#busy = true;
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const next = this.#waiting.shift();
      if (next === undefined) this.#busy = false;
      else next();
    };
  }

  #called(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const call = () => {
        signal.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(call), 1);
        reject(signal.reason);
      };
      signal.addEventListener('abort', leave, { once: true });
      this.#waiting.push(call);
    });
  }
}
