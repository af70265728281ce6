import type { RecordedExchange } from './recorded.ts';
import { type Asked, requestKey } from './request-key.ts';

/** What was recorded for each request. The same request asked several times was answered several times, in that order. */
export class Answers {
  readonly #open = new Map<string, RecordedExchange[]>();

  constructor(exchanges: readonly RecordedExchange[]) {
    for (const exchange of exchanges) {
      const key = requestKey(exchange);
      const same = this.#open.get(key);
      if (same === undefined) this.#open.set(key, [exchange]);
      else same.push(exchange);
    }
  }

  /** The next one; undefined where there is none, or none any more. */
  take(asked: Asked): RecordedExchange | undefined {
    return this.#open.get(requestKey(asked))?.shift();
  }

  /** The next one, and the last one ever after. */
  takeOrRepeat(asked: Asked): RecordedExchange | undefined {
    const same = this.#open.get(requestKey(asked));
    return same !== undefined && same.length > 1 ? same.shift() : same?.[0];
  }
}
