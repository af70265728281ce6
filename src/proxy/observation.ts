/** What passes on an observed route: read beside its way, edited where the user wants that, and made into a row. */
import { randomUUID } from 'node:crypto';
import type { LedgerRow, RowEnd } from '../ledger/row.ts';
import type { JsonObject } from '../model/json.ts';
import { BodyWatch, type WatchedEvent } from '../watch/body-watch.ts';
import { isAddedUsage } from '../watch/passage.ts';
import type { Watched } from '../watch/watched.ts';
import { EditedStream, type Fate } from './edited-stream.ts';
import { type RawHeaders, valuesOf } from './headers.ts';
import type { Injection } from './injection.ts';
import type { TokenCounts } from './metrics.ts';
import type { Observer } from './observer.ts';
import type { Repair, Repaired } from './repair.ts';
import { reportedNumbers } from './reported.ts';
import { RequestBody } from './request-body.ts';
import { type ObservedApi, pathOf } from './route.ts';

const MOST_NAME = 256;

export interface ObservationOptions {
  readonly api: ObservedApi;
  readonly url: string;
  readonly headers: RawHeaders;
  readonly tenant: string | null;
  readonly maxBodyBytes: number;
  /** null: usage is not asked for where the client did not. */
  readonly injection: Injection | null;
  /** null: what is not reported is not counted. */
  readonly repair: Repair | null;
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
  #bodyBytes: Buffer | null = null;
  #injected = false;
  /** One of them watches, where there is anything to read. */
  #watch: BodyWatch | null = null;
  #edited: EditedStream | null = null;
  #watched: Watched | null = null;
  #repaired: Repaired | null = null;
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

  get readsAhead(): boolean {
    return this.#options.injection !== null && !this.#body.isTooLarge;
  }

  requestBytes(bytes: Uint8Array): void {
    this.#body.add(bytes);
  }

  edited(): Buffer | null {
    const { injection, api, url } = this.#options;
    this.#readRequest();
    if (injection === null || this.#request === null) return null;
    const edited = injection.into(this.#body.bytes, api, pathOf(url), this.#request);
    this.#injected = edited !== null;
    return edited;
  }

  mayRefuseEdit(status: number): boolean {
    return this.#injected && status >= 400 && status < 500 && status !== 429;
  }

  refusesEdit(text: string): boolean {
    const { injection, api, url } = this.#options;
    if (injection?.refuses(text, api, pathOf(url), this.#request ?? {}) !== true) return false;
    this.#injected = false;
    return true;
  }

  answered(status: number, headers: RawHeaders): void {
    this.#status = status;
    this.#readRequest();
    const [length] = valuesOf(headers, 'content-length');
    this.#length = length === undefined ? null : Number(length);
    this.#isStream = /^\s*text\/event-stream\b/i.test(valuesOf(headers, 'content-type').join());
    if (this.#isStream) this.#options.onStream(true);
    const isPlain = valuesOf(headers, 'content-encoding').every((coding) => /^identity$/i.test(coding));
    // An error is no answer: nothing is to be found out about its usage.
    if (status < 200 || status >= 300 || !isPlain) return;
    const { api, repair } = this.#options;
    const isMended = repair !== null && (this.#asked || this.#injected);
    const watching = { api, request: this.#request };
    if (this.#isStream && (isMended || this.#injected)) {
      const keepText = isMended && repair.keepsText;
      if (isMended) this.#bodyBytes = this.#body.bytes;
      this.#edited = new EditedStream({ ...watching, keepText }, (event, watch) =>
        this.#fateOf(event, watch),
      );
    } else {
      const onEvent = ({ kind }: WatchedEvent) => {
        if (kind === 'end') this.#markerSeen = true;
      };
      this.#watch = new BodyWatch({ ...watching, onEvent });
    }
    this.#body.drop();
  }

  get editsAnswer(): boolean {
    return this.#edited !== null;
  }

  get mode(): string | null {
    const { api, injection, repair } = this.#options;
    const isStream = this.#request !== null && api.readRequest(this.#request).stream === true;
    const modes = [injection === null ? [] : ['inject'], repair === null ? [] : ['repair']].flat();
    return isStream && modes.length > 0 ? modes.join(', ') : null;
  }

  answerBytes(bytes: Uint8Array): readonly Uint8Array[] {
    this.#firstByteMs ??= performance.now() - this.#start;
    this.#bytes += bytes.length;
    if (this.#edited !== null) return this.#edited.push(bytes);
    this.#watch?.push(bytes);
    return [bytes];
  }

  /** True once: then it is to be told that it ended. */
  becameWhole(): boolean {
    if (this.#isOver || this.#edited?.isHolding === true) return false;
    if (this.#length !== null && this.#edited === null) return this.#bytes >= this.#length;
    if (!this.#markerSeen || this.#watched !== null) return false;
    const watched = (this.#edited?.watch ?? this.#watch)?.look() ?? null;
    if (watched?.end !== 'complete') return false;
    this.#watched = watched;
    return true;
  }

  /** An added chunk of usage is for those who asked. The end marker waits for a count where the server sent none. */
  #fateOf(event: WatchedEvent, watch: BodyWatch): Fate {
    if (this.#injected && isAddedUsage(event)) return 'take-out';
    if (event.kind !== 'end') return 'pass';
    this.#markerSeen = true;
    if (this.#bodyBytes === null) return 'pass';
    const { end, reported } = watch.look();
    return end === 'complete' && reported === null ? 'hold' : 'pass';
  }

  async rest(signal: AbortSignal): Promise<readonly Uint8Array[]> {
    const edited = this.#edited;
    if (edited === null) return [];
    const wasHeld = edited.isHolding;
    const watched = edited.watch.end('clean');
    this.#watched = watched;
    const { api, url, headers, repair } = this.#options;
    const body = this.#bodyBytes;
    const json = this.#request;
    if (!wasHeld || repair === null || body === null || json === null) return edited.rest();
    const request = { method: 'POST', url, headers, body };
    this.#repaired = await repair.count({ api, request, json, watched }, signal);
    if (this.#repaired === null || !this.#asked) return edited.rest();
    const { prompt, completion, exact } = this.#repaired;
    const chunk = api.proxied.usageChunk(
      watched.envelope ?? { id: undefined },
      api.proxied.usage(prompt, completion),
    );
    const said = { ...chunk, lastchunk: { source: exact ? 'counted' : 'estimate', exact } };
    return [Buffer.from(`data: ${JSON.stringify(said)}\n\n`), ...edited.rest()];
  }

  held(): readonly Uint8Array[] {
    return this.#edited?.rest() ?? [];
  }

  ended(end: RowEnd): void {
    if (this.#isOver) return;
    this.#isOver = true;
    if (this.#isStream) this.#options.onStream(false);
    this.#readRequest();
    const how = end === 'complete' ? 'clean' : end === 'client-left' ? 'left' : 'cut';
    const watched = this.#watched ?? (this.#edited?.watch ?? this.#watch)?.end(how) ?? null;
    this.#watch = null;
    this.#bodyBytes = null;
    this.#body.drop();
    this.#options.onRow(this.#row(end, watched), this.#tokens(watched));
  }

  #readRequest(): void {
    this.#request ??= this.#body.json;
  }

  get #asked(): boolean {
    if (this.#request === null) return false;
    const { stream, asksUsage } = this.#options.api.readRequest(this.#request);
    return stream === true && asksUsage === true;
  }

  #row(end: RowEnd, watched: Watched | null): LedgerRow {
    const { api, url, tenant } = this.#options;
    const facts = this.#request === null ? null : api.readRequest(this.#request);
    const repaired = this.#repaired;
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
      stream: facts?.stream ?? this.#isStream,
      asked: this.#asked,
      injected: this.#injected,
      responseId: watched?.answerId ?? null,
      finish: watched?.finish ?? [],
      reported: reportedNumbers(watched?.reported),
      counted:
        repaired === null
          ? null
          : { ...api.proxied.usage(repaired.prompt, repaired.completion), exact: repaired.exact },
      problems: watched?.problems ?? [],
      bytes: this.#bytes,
      chunks: watched?.chunks ?? 0,
      waitMs: inMs(this.#waitMs),
      end,
    };
  }

  #tokens(watched: Watched | null): TokenCounts {
    const usage = watched?.usage ?? null;
    const repaired = this.#repaired;
    if (usage === null) return { input: repaired?.prompt ?? null, output: repaired?.completion ?? null };
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
