/** What each request of any path waits for before it is sent on. */
import type { Behind } from './behind.ts';
import { Lane } from './lane.ts';

/** A turn where the product behind does one thing at a time. */
export class Turns {
  readonly #behind: Behind;
  readonly #lane = new Lane();
  #open = 0;

  constructor(behind: Behind) {
    this.#behind = behind;
  }

  /**
   * Waits for its turn, and before it until the product is known or could not be found out. That is asked only while nothing is
   * under way: so no stream is disturbed, and none runs beside the first one that has a turn of its own.
   * @returns ends the turn; to be called once or more
   * @throws the signal's reason where it is aborted before
   */
  async turn(signal: AbortSignal): Promise<() => void> {
    if (this.#open === 0) await this.#behind.settle();
    if (this.#behind.product?.proxied?.oneAtATime === true) return this.#lane.turn(signal);
    signal.throwIfAborted();
    this.#open += 1;
    let isOver = false;
    return () => {
      if (!isOver) this.#open -= 1;
      isOver = true;
    };
  }
}
