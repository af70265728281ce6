import { openAiApiIn, openAiApiOf } from '../apis/openai-apis.ts';
import type { Api } from '../model/api.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { BodyEnd } from '../watch/body-end.ts';
import { BodyWatch } from '../watch/body-watch.ts';
import { ChunkWatch } from '../watch/chunk-watch.ts';
import { NO_ANSWER } from '../watch/no-answer.ts';
import { isAddedUsage, Passage } from '../watch/passage.ts';
import { type CountRequest, reportOf, type UsageOptions, type UsageReport, unknownReport } from './report.ts';

/** What is known of an answer before it comes. */
export interface Expected {
  /** null: by what the request or the answer says. */
  readonly api: Api | null;
  readonly request: JsonObject | null;
  readonly options: UsageOptions;
  /** Usage was asked for in someone else's name: the chunk that was added for it is taken out. */
  readonly takesOut?: boolean;
  readonly send?: CountRequest['send'];
}

const utf8 = new TextEncoder();
/** Of the first piece: by so much of it an API can be told. */
const MOST_LOOKED_AT = 4096;

/** Sees the items of one answer pass, whatever they are, and makes its report. Never throws. */
export class Observer {
  readonly #expected: Expected;
  #api: Api | null;
  #watch: BodyWatch | ChunkWatch | null = null;
  /** What takes events out, where some are to be taken out. */
  #passage: Passage | null = null;
  #settle: (report: UsageReport | Promise<UsageReport>) => void = () => {};
  #over = false;
  readonly report: Promise<UsageReport>;

  constructor(expected: Expected) {
    this.#expected = expected;
    const { api, request, options } = expected;
    this.#api = api ?? (request === null ? null : openAiApiOf(request));
    this.report = new Promise<UsageReport>((resolve) => {
      this.#settle = resolve;
    }).catch(() => unknownReport('error'));
    void this.report.then((report) => tell(options, report));
  }

  /** One item in. What is to be passed on of its bytes where some are held or taken out; null: the item itself. */
  item(item: unknown): readonly Uint8Array[] | null {
    if (this.#over) return null;
    const bytes = item instanceof Uint8Array ? item : typeof item === 'string' ? utf8.encode(item) : null;
    this.#watch ??= bytes === null ? this.#ofChunks(item) : this.#ofBytes(bytes);
    if (this.#watch instanceof ChunkWatch) this.#watch.push(item);
    else if (bytes !== null) {
      if (this.#passage === null) this.#watch.push(bytes);
      else {
        const passed = this.#passage.push(bytes);
        return passed.length === 1 && passed[0] === bytes ? null : passed;
      }
    }
    return null;
  }

  /** The answer is over. What was held of it. Only the first call counts. */
  end(how: BodyEnd): readonly Uint8Array[] {
    if (this.#over) return [];
    this.#over = true;
    const { request, options, send } = this.#expected;
    const watched = this.#watch?.end(how) ?? null;
    if (watched === null || this.#api === null)
      this.#settle(unknownReport(how === 'left' ? 'left' : 'cut', how === 'clean' ? NO_ANSWER : []));
    else {
      const told = { api: this.#api, request, ...(send === undefined ? {} : { send }) };
      this.#settle(reportOf(watched, told, options));
    }
    return this.#passage?.rest() ?? [];
  }

  /** What an iteration threw: SDKs throw the errors that servers send in their streams. */
  thrown(error: unknown): void {
    const said = isJsonObject(error) ? error.error : undefined;
    if (isJsonObject(said) && !(this.#watch instanceof BodyWatch)) this.item({ error: said });
  }

  /** There is no answer to be watched. */
  fail(end: UsageReport['end']): void {
    this.#over = true;
    this.#settle(unknownReport(end));
  }

  #ofBytes(first: Uint8Array): BodyWatch {
    const options = this.#watchOptions(() => new TextDecoder().decode(first.subarray(0, MOST_LOOKED_AT)));
    if (!this.#expected.takesOut) return new BodyWatch(options);
    this.#passage = new Passage(options, isAddedUsage);
    return this.#passage.watch;
  }

  #ofChunks(first: unknown): ChunkWatch {
    return new ChunkWatch(this.#watchOptions(() => JSON.stringify(first) ?? ''));
  }

  #watchOptions(beginning: () => string) {
    this.#api ??= openAiApiIn(beginning());
    const { request, options } = this.#expected;
    const keepText = [options.count ?? []].flat().length > 0;
    return { api: this.#api, request, keepText };
  }
}

/** Nothing that it throws, now or later, does harm. */
async function tell({ onReport }: UsageOptions, report: UsageReport): Promise<void> {
  try {
    await onReport?.(report);
  } catch {
    // It is the caller's.
  }
}
