import { isJsonObject } from '../model/json.ts';
import { type BodyEnd, endingOf } from './body-end.ts';
import type { WatchOptions } from './body-watch.ts';
import { Names } from './names.ts';
import { StreamWatchFold } from './stream-fold.ts';
import { type Watched, watchedStream } from './watched.ts';

/** Watches the chunks of one stream that somebody else parsed, who keeps its end marker to himself. Never throws. */
export class ChunkWatch {
  readonly #options: Omit<WatchOptions, 'onEvent'>;
  readonly #names = new Names();
  readonly #fold: StreamWatchFold;
  #unread = 0;

  constructor(options: Omit<WatchOptions, 'onEvent'>) {
    this.#options = options;
    const { api, request = null, keepText = false } = options;
    this.#fold = new StreamWatchFold(api, request, this.#names, keepText);
  }

  push(chunk: unknown): void {
    try {
      if (isJsonObject(chunk)) this.#fold.chunk(chunk, undefined);
    } catch {
      this.#unread += 1;
    }
  }

  /** @param how `clean`: there are no more chunks */
  end(how: BodyEnd): Watched {
    const { api, request = null } = this.#options;
    if (how === 'clean' && !this.#fold.ended) this.#fold.marker();
    const ending = endingOf(how);
    const facts = api.readRequest(request ?? {});
    const fold = this.#fold;
    const watching = { api, request, facts, names: this.#names, ending, bytes: 0, unread: this.#unread };
    return watchedStream(watching, fold.facts(ending), fold.choices, (report) => fold.usages.rawOf(report));
  }
}
