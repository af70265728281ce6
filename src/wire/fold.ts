import type { Api, ChoicePart, Chunk, StreamReader } from '../model/api.ts';
import type {
  Ending,
  Envelope,
  Frame,
  FramingRemark,
  MistypedField,
  SentRequest,
  StreamFacts,
} from '../model/exchange.ts';
import { statedBy } from '../model/stated-error.ts';
import { AfterEndLog } from './after-end.ts';
import { Arrivals } from './arrivals.ts';
import { boundedFields, keepAsIs, type Redact } from './bounded.ts';
import { BreachLog } from './breach-log.ts';
import { ChoicesFold } from './choice-fold.ts';
import { errorLine } from './error-line.ts';
import { FirstAndLast } from './first-and-last.ts';
import { KeptFrames, type Seen } from './kept-frames.ts';
import { choicesShape, ERROR_EVENT, parseObject, readChunk } from './read-chunk.ts';
import { StreamErrorLog, UnknownLines } from './stream-error.ts';
import { UsageLog } from './usage-log.ts';

const MAX_NOT_JSON = 16;
const MAX_MISTYPED = 16;
const SSE_LINE = /^(?:data|event):/;

/**
 * Streamed events → StreamFacts, in flat memory, one JSON.parse a chunk. Knows no API's field names: `api` reads them.
 * Everything after the first end marker goes into `afterEnd` only.
 */
export class StreamFold {
  readonly #api: Api;
  readonly #reader: StreamReader;
  readonly #redact: Redact;
  readonly #frames: KeptFrames;
  readonly #arrivals = new Arrivals();
  readonly #usages: UsageLog;
  readonly #choices: ChoicesFold;
  readonly #errors: StreamErrorLog;
  readonly #afterEnd: AfterEndLog;
  readonly #breaches: BreachLog;
  readonly #remarks: FramingRemark[] = [];
  readonly #notJson = new FirstAndLast<Seen>(MAX_NOT_JSON);
  readonly #mistyped: Array<MistypedField & { readonly frame: Frame }> = [];
  #lastChunk: Seen | null = null;
  #lastFinish: Seen | null = null;
  readonly #unknownLines: UnknownLines;
  #events = 0;
  #strays = 0;
  #end: Frame | null = null;
  #usageNull = 0;
  #usageAbsent = 0;
  #delivered = false;
  #firstEnvelope: Envelope | null = null;
  #foreign: string | null = null;

  constructor(api: Api, request: SentRequest['body'], redact: Redact = keepAsIs) {
    this.#api = api;
    this.#reader = api.openStream(request);
    this.#redact = redact;
    this.#frames = new KeptFrames(redact);
    this.#usages = new UsageLog(api, this.#frames, redact);
    this.#choices = new ChoicesFold(redact);
    this.#errors = new StreamErrorLog(redact);
    this.#unknownLines = new UnknownLines(redact);
    this.#breaches = new BreachLog(redact);
    this.#afterEnd = new AfterEndLog(api, this.#reader, this.#frames, redact);
  }

  /** True once text, reasoning or a tool call came. */
  get delivered(): boolean {
    return this.#delivered;
  }

  /** True once the end marker came. */
  get ended(): boolean {
    return this.#end !== null;
  }

  /** True where this data is the end marker or a JSON object, that is: a whole event. */
  isWhole(data: string): boolean {
    return this.#isMarker(data) || this.#isStray(data) || parseObject(data) !== null;
  }

  /** The data of one event (or an NDJSON line), `at` ms after the request was sent. True where it is the end marker. */
  event(data: string, event: string | undefined, at: number): boolean {
    this.#arrivals.add(at);
    if (this.#end !== null) {
      if (!this.#passedOver(data))
        this.#afterEnd.event(data, event, at, this.#isMarker(data) || this.#isStray(data));
      return false;
    }
    this.#events += 1;
    const seen = this.#frames.add(data, event, at);
    // Chunks start with "{" and the marker does not: the chunk needs no other comparison.
    if (data.charCodeAt(0) !== 123) {
      if (this.#isMarker(data)) {
        this.#ends(seen);
        return true;
      }
      if (this.#isStray(data)) return false;
    }
    const chunk = readChunk(this.#reader, data, event);
    if (chunk === null) {
      const frame = this.#noted(seen);
      if (this.#api.framing === 'ndjson' && SSE_LINE.test(data))
        this.#foreign ??= 'a line of an event stream';
      if (event === ERROR_EVENT) this.#errors.add(frame, 'text', statedBy({ error: data }), this.#delivered);
      else this.#notJson.add(seen);
      return false;
    }
    this.#chunk(chunk, seen, data);
    return chunk.ends;
  }

  /** A line that is neither a comment nor a field of SSE. */
  oddLine(line: string, at: number): void {
    if (line.trim() === '') return;
    this.#arrivals.add(at);
    const error = errorLine(line);
    if (error === null) this.#unknownLines.add(line);
    if (this.#end !== null) {
      if (error !== null) this.#afterEnd.errorLine(line, at);
      return;
    }
    const seen = this.#frames.add(line, undefined, at);
    this.#frames.note(seen);
    if (error !== null) this.#errors.add(this.#frames.frame(seen), error.form, error.error, this.#delivered);
  }

  /** A remark of the framing, in words that complete "the stream has …". */
  remark(kind: FramingRemark['kind'], detail: string): void {
    this.#remarks.push({ kind, detail: this.#redact(detail) });
  }

  /** The facts; nothing may be fed afterwards. `firstByteMs`: from the request to the first byte of the body. */
  finish(ending: Ending, firstByteMs: number): StreamFacts {
    const unknown = this.#unknownLines.detail();
    if (unknown !== null) this.remark('unknown-line', unknown);
    if (ending.kind === 'cut' && this.#end !== null) {
      this.remark('cut-after-end', `an unfinished body after its end marker (${ending.message})`);
    }
    if (this.#end === null) this.#readerEnded();
    if (
      this.#api.endsByClosing &&
      ending.kind === 'clean' &&
      this.#choices.finished &&
      this.#lastChunk !== null
    )
      this.#end = this.#noted(this.#lastChunk);
    const frames = this.#frames.list();
    return {
      events: this.#events,
      frames,
      arrivals: { count: this.#arrivals.count, times: this.#arrivals.list() },
      notJson: this.#notJson.list().map((seen) => this.#frames.frame(seen)),
      remarks: this.#remarks,
      end: this.#end,
      afterEnd: this.#afterEnd.result(),
      usages: this.#usages.reports(),
      usageCount: this.#usages.count,
      usageNull: this.#usageNull,
      usageAbsent: this.#usageAbsent,
      choices: this.#choices.facts(),
      mistyped: this.#mistyped,
      lastChunk: this.#lastChunk && this.#frames.frame(this.#lastChunk),
      lastFinish: this.#lastFinish && this.#frames.frame(this.#lastFinish),
      firstEnvelope: this.#firstEnvelope,
      error: this.#errors.result(),
      foreign: this.#foreign ?? this.#reader.foreign?.() ?? null,
      breaches: this.#breaches.list(),
      firstByteMs,
    };
  }

  #chunk(chunk: Chunk, seen: Seen, data: string): void {
    if (chunk.breaches !== undefined)
      for (const breach of chunk.breaches) this.#breaches.add(breach, () => this.#noted(seen));
    if (chunk.error !== null) {
      this.#errors.add(this.#noted(seen), 'event', chunk.error, this.#delivered);
      if (chunk.ends) this.#ends(seen);
      return;
    }
    const { usage, choices, envelope } = chunk;
    const shape = choicesShape(choices);
    const delivered = typeof choices !== 'string' && this.#parts(choices, seen);
    if (delivered) this.#delivered = true;
    if (shape === 'non-empty' && envelope !== null)
      this.#firstEnvelope ??= boundedFields(envelope, this.#redact);
    if (usage.kind === 'value') {
      this.#frames.note(seen);
      const atOrAfterFirstFinish = this.#lastFinish !== null;
      const beforeContent = !this.#delivered;
      const { value } = usage;
      this.#usages.add(
        { seen, usage: value, choices: shape, beforeContent, atOrAfterFirstFinish, envelope },
        data,
      );
    } else if (chunk.ends === this.#api.endCarriesUsage && !chunk.idle) {
      if (usage.kind === 'null') this.#usageNull += 1;
      else this.#usageAbsent += 1;
    }
    if (this.#errors.watching)
      this.#errors.after(this.#frames.frame(seen), delivered, usage.kind === 'value');
    if (chunk.ends) this.#ends(seen);
    // An object that ends the stream and says nothing else is a marker, not the last chunk.
    if (!chunk.idle && (!chunk.ends || usage.kind === 'value' || shape === 'non-empty'))
      this.#lastChunk = seen;
  }

  /** True where a part delivered something. */
  #parts(parts: readonly ChoicePart[], seen: Seen): boolean {
    let delivered = false;
    for (const part of parts) {
      if (this.#choices.add(part)) delivered = true;
      if (part.mistyped !== undefined && part.mistyped.length > 0) this.#noteMistyped(part.mistyped, seen);
      if (part.finish !== null && this.#lastFinish !== seen) {
        this.#lastFinish = seen;
        this.#frames.note(seen);
      }
    }
    return delivered;
  }

  #noteMistyped(fields: readonly MistypedField[], seen: Seen): void {
    for (const field of fields.slice(0, MAX_MISTYPED - this.#mistyped.length))
      this.#mistyped.push({ ...field, frame: this.#noted(seen) });
  }

  #ends(seen: Seen): void {
    this.#end = this.#noted(seen);
    this.#readerEnded();
  }

  #readerEnded(): void {
    for (const breach of this.#reader.ended?.() ?? []) this.#breaches.add(breach, () => null);
  }

  #noted(seen: Seen): Frame {
    this.#frames.note(seen);
    return this.#frames.frame(seen);
  }

  /** A stray marker is free once behind the end. */
  #passedOver(data: string): boolean {
    if (!this.#isStray(data)) return false;
    this.#strays += 1;
    return this.#strays === 1;
  }

  #isStray(data: string): boolean {
    const { strayMarker } = this.#api;
    return strayMarker !== null && data.trim() === strayMarker;
  }

  #isMarker(data: string): boolean {
    const { endMarker } = this.#api;
    return endMarker !== null && (data === endMarker || data.trim() === endMarker);
  }
}
