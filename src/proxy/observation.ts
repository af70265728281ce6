/** What passes on an observed route, read beside its way, and made into a row of the ledger. */
import { randomUUID } from 'node:crypto';
import type { LedgerRow, RowEnd } from '../ledger/row.ts';
import type { JsonObject } from '../model/json.ts';
import { BodyWatch } from '../watch/body-watch.ts';
import type { Watched } from '../watch/watched.ts';
import type { Observer } from './forward.ts';
import { valuesOf } from './headers.ts';
import type { TokenCounts } from './metrics.ts';
import { reportedNumbers } from './reported.ts';
import { RequestBody } from './request-body.ts';
import { type ObservedApi, pathOf } from './route.ts';

const MOST_NAME = 256;

export interface ObservationOptions {
  readonly api: ObservedApi;
  readonly url: string;
  readonly tenant: string | null;
  readonly maxBodyBytes: number;
  /** A stream begins to pass, or is over. */
  onStream(isOpen: boolean): void;
  /** Once. */
  onRow(row: LedgerRow, tokens: TokenCounts): void;
}

export class Observation implements Observer {
  readonly #options: ObservationOptions;
  readonly #came = new Date();
  readonly #start = performance.now();
  readonly #body: RequestBody;
  #request: JsonObject | null = null;
  #watch: BodyWatch | null = null;
  #status: number | null = null;
  #firstByteMs: number | null = null;
  #waitMs = 0;
  /** Of the answer's body, where its head says so. */
  #length: number | null = null;
  #bytes = 0;
  #markerSeen = false;
  #isStream = false;
  #isOver = false;

  constructor(options: ObservationOptions) {
    this.#options = options;
    this.#body = new RequestBody(options.maxBodyBytes);
  }

  waited(ms: number): void {
    this.#waitMs = ms;
  }

  requestBytes(bytes: Uint8Array): void {
    this.#body.add(bytes);
  }

  answered(status: number, headers: readonly string[]): void {
    this.#status = status;
    this.#readRequest();
    const [length] = valuesOf(headers, 'content-length');
    this.#length = length === undefined ? null : Number(length);
    const type = valuesOf(headers, 'content-type').join();
    this.#isStream = /^text\/event-stream\b/i.test(type);
    if (this.#isStream) this.#options.onStream(true);
    const isPlain = valuesOf(headers, 'content-encoding').every((coding) => /^identity$/i.test(coding));
    // An error is no answer: nothing is to be found out about its usage.
    if (status < 200 || status >= 300 || !isPlain) return;
    this.#watch = new BodyWatch({
      api: this.#options.api,
      request: this.#request,
      onEvent: ({ kind }) => {
        if (kind === 'end') this.#markerSeen = true;
      },
    });
  }

  answerBytes(bytes: Uint8Array): boolean {
    this.#firstByteMs ??= performance.now() - this.#start;
    this.#bytes += bytes.length;
    this.#watch?.push(bytes);
    if (this.#length !== null) return this.#bytes >= this.#length;
    return this.#markerSeen && !this.#isOver && this.#watch?.look().end === 'complete';
  }

  ended(end: RowEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#isStream) this.#options.onStream(false);
    this.#readRequest();
    const how = end === 'complete' ? 'clean' : end === 'client-left' ? 'left' : 'cut';
    const watched = this.#watch?.end(how) ?? null;
    this.#watch = null;
    this.#options.onRow(this.#row(end, watched), this.#tokens(watched));
  }

  #readRequest(): void {
    this.#request ??= this.#body.json;
    this.#body.drop();
  }

  #row(end: RowEnd, watched: Watched | null): LedgerRow {
    const { api, url, tenant } = this.#options;
    const facts = this.#request === null ? null : api.readRequest(this.#request);
    const stream = facts?.stream ?? this.#isStream;
    return {
      v: 1,
      id: randomUUID(),
      time: this.#came.toISOString(),
      durationMs: inMs(performance.now() - this.#start),
      firstByteMs: this.#firstByteMs === null ? null : inMs(this.#firstByteMs),
      api: api.id,
      path: pathOf(url),
      model: nameIn(this.#request?.model) ?? watched?.model ?? null,
      tenant,
      status: this.#status,
      stream,
      asked: stream && facts?.asksUsage === true,
      injected: false,
      responseId: watched?.answerId ?? null,
      finish: watched?.finish ?? [],
      reported: reportedNumbers(watched?.reported),
      counted: null,
      problems: watched?.problems ?? [],
      bytes: this.#bytes,
      chunks: watched?.chunks ?? 0,
      waitMs: inMs(this.#waitMs),
      end,
    };
  }

  #tokens(watched: Watched | null): TokenCounts {
    const usage = watched?.usage ?? null;
    if (usage === null) return { input: null, output: null };
    const { prompt, completion } = this.#options.api.readUsage(usage);
    return { input: countIn(prompt), output: countIn(completion) };
  }
}

/** Microseconds are enough. */
const inMs = (ms: number): number => Math.round(ms * 1000) / 1000;

const nameIn = (value: unknown): string | null =>
  typeof value === 'string' && value !== '' ? value.slice(0, MOST_NAME) : null;

const countIn = (value: unknown): number | null =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
