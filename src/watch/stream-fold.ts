import type { Api, Chunk, StreamReader } from '../model/api.ts';
import type { Ending, Envelope, Frame, StreamError, StreamFacts, UsageReport } from '../model/exchange.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { errorIn, type StatedError, statedBy } from '../model/stated-error.ts';
import { excessOf } from '../text/json-extent.ts';
import { errorLine } from '../wire/error-line.ts';
import { FirstAndLast } from '../wire/first-and-last.ts';
import { choicesShape, ERROR_EVENT, parseObject } from '../wire/read-chunk.ts';
import { ChoiceTallies } from './choice-tally.ts';
import type { Names } from './names.ts';
import type { FoundText, TextChunk } from './text-chunk.ts';
import { UsageList } from './usage-list.ts';

/** What one event was, for those who pass the stream on. */
export type Seen =
  | {
      readonly kind: 'chunk';
      readonly chunk: Chunk;
      /** It came after the end marker. */
      readonly late: boolean;
    }
  | { readonly kind: 'end' | 'other' };

const OTHER: Seen = { kind: 'other' };
const END: Seen = { kind: 'end' };
const NO_ENVELOPE: Envelope = { id: undefined };
const MOST_AFTER_END = 64;
const MESSAGE_CHARS = 1024;

/**
 * Events → the facts that checks read, as `src/wire/fold.ts` has them but without texts and frames, so that a stream may be
 * watched where it is used. The rules are the same; a test holds both to each other over recordings.
 */
export class StreamWatchFold {
  readonly #api: Api;
  readonly #reader: StreamReader;
  readonly #names: Names;
  readonly choices: ChoiceTallies;
  readonly usages = new UsageList();
  readonly #lateUsages = new FirstAndLast<UsageReport>(MOST_AFTER_END);
  readonly #lateOthers = new FirstAndLast<Frame>(MOST_AFTER_END);
  #lateMarkers = 0;
  #frames = 0;
  #events = 0;
  #delivered = false;
  #finished = false;
  #lastChunk: Frame | null = null;
  #lastFinish: Frame | null = null;
  #end: Frame | null = null;
  #usageNull = 0;
  #usageAbsent = 0;
  #firstEnvelope: Envelope | null = null;
  #error: StreamError | null = null;

  constructor(api: Api, request: JsonObject | null, names: Names, keepText: boolean) {
    this.#api = api;
    this.#reader = api.openStream(request);
    this.#names = names;
    this.choices = new ChoiceTallies(keepText);
  }

  get reader(): StreamReader {
    return this.#reader;
  }

  get ended(): boolean {
    return this.#end !== null;
  }

  get error(): StatedError | null {
    return this.#error;
  }

  /** Nothing is of interest in a chunk of text but that it came. */
  get isPlain(): boolean {
    return this.#end === null && this.#error === null;
  }

  /** The data of one event. */
  event(data: string, name: string | undefined): Seen {
    if (this.isMarker(data)) return this.marker();
    const value = excessOf(data) === null ? parseObject(data) : null;
    if (value !== null) return this.chunk(value, name);
    if (this.#end === null) this.#events += 1;
    if (this.#end !== null) {
      if (data.trim() !== '') this.#lateOthers.add(this.#frame());
    } else if (name === ERROR_EVENT) this.#erred(this.#frame(), 'text', statedBy({ error: data }));
    return OTHER;
  }

  /** The end marker. */
  marker(): Seen {
    if (this.#end !== null) this.#lateMarkers += 1;
    else this.#events += 1;
    this.#end ??= this.#frame();
    return END;
  }

  /** One chunk, parsed. */
  chunk(value: JsonObject, name: string | undefined): Seen {
    const read = this.#reader.read(value, name);
    const chunk =
      name === ERROR_EVENT && read.error === null
        ? { ...read, error: errorIn(value) ?? statedBy(value) }
        : read;
    const late = this.#end !== null;
    if (!late) this.#events += 1;
    if (late) this.#lateChunk(chunk);
    else this.#chunk(chunk);
    return { kind: 'chunk', chunk, late };
  }

  /** A chunk like one that was parsed, with another text; only while the stream is plain. */
  like({ index, kind, usage }: TextChunk, { bytes, ascii }: FoundText): void {
    this.#events += 1;
    this.choices.of(index).delivered(kind, bytes, ascii);
    this.#lastChunk = this.#frame();
    if (usage === 'null') this.#usageNull += 1;
    else this.#usageAbsent += 1;
  }

  /** A line that is no field of server-sent events. */
  oddLine(line: string): void {
    const found = excessOf(line.replace(/^error:/, '')) === null ? errorLine(line) : null;
    if (found === null) return;
    if (this.#end !== null) this.#lateOthers.add(this.#frame());
    else this.#erred(this.#frame(), found.form, found.error);
  }

  isMarker(data: string): boolean {
    const { endMarker } = this.#api;
    return endMarker !== null && (data === endMarker || data.trim() === endMarker);
  }

  facts(ending: Ending): StreamFacts {
    return {
      events: this.#events,
      frames: [],
      arrivals: { count: this.#frames, times: [] },
      notJson: [],
      remarks: [],
      end: this.#endBy(ending),
      afterEnd: {
        markers: this.#lateMarkers,
        usages: this.#lateUsages.list(),
        others: this.#lateOthers.list(),
      },
      usages: this.usages.reports(),
      usageCount: this.usages.count,
      usageNull: this.#usageNull,
      usageAbsent: this.#usageAbsent,
      choices: this.choices.facts,
      mistyped: [],
      lastChunk: this.#lastChunk,
      lastFinish: this.#lastFinish,
      firstEnvelope: this.#firstEnvelope,
      error: this.#error,
      foreign: null,
      breaches: [],
      firstByteMs: 0,
    };
  }

  /** Some APIs mark no end: a clean close does. */
  #endBy(ending: Ending): Frame | null {
    const closes = this.#api.endsByClosing && ending.kind === 'clean' && this.#finished;
    return this.#end ?? (closes ? this.#lastChunk : null);
  }

  #chunk(chunk: Chunk): void {
    const frame = this.#frame();
    if (chunk.error !== null) {
      this.#erred(frame, 'event', chunk.error);
      if (chunk.ends) this.#end = frame;
      return;
    }
    const { usage, choices, envelope } = chunk;
    this.#names.add(envelope);
    const shape = choicesShape(choices);
    const delivered = typeof choices !== 'string' && this.#parts(choices, frame);
    if (delivered) this.#delivered = true;
    if (shape === 'non-empty' && envelope !== null) this.#firstEnvelope ??= envelope;
    if (usage.kind === 'value') this.usages.add({ report: this.#report(frame, chunk), raw: usage.value });
    else if (usage.kind === 'null') this.#usageNull += 1;
    else this.#usageAbsent += 1;
    if (this.#error !== null) this.#afterError(this.#error, frame, delivered, usage.kind === 'value');
    if (chunk.ends) this.#end = frame;
    if (!chunk.idle && (!chunk.ends || usage.kind === 'value' || shape === 'non-empty'))
      this.#lastChunk = frame;
  }

  #parts(parts: Exclude<Chunk['choices'], string>, frame: Frame): boolean {
    let delivered = false;
    for (const part of parts) {
      if (this.choices.of(part.index).add(part)) delivered = true;
      if (part.finish === null) continue;
      this.#finished = true;
      this.#lastFinish = frame;
    }
    return delivered;
  }

  #report(frame: Frame, { usage, choices, envelope }: Chunk): UsageReport {
    return {
      frame,
      counts: this.#api.readUsage(usage.kind === 'value' ? usage.value : null),
      text: null,
      choices: choicesShape(choices),
      beforeContent: !this.#delivered,
      atOrAfterFirstFinish: this.#finished || this.#end !== null,
      envelope: envelope ?? NO_ENVELOPE,
    };
  }

  #lateChunk(chunk: Chunk): void {
    if (chunk.idle) return;
    const frame = this.#frame();
    if (chunk.ends) this.#lateMarkers += 1;
    const isUsage = chunk.error === null && chunk.usage.kind === 'value';
    if (isUsage) this.#lateUsages.add(this.#report(frame, chunk));
    const says = chunk.error !== null || choicesShape(chunk.choices) === 'non-empty';
    if (says || (!isUsage && !chunk.ends)) this.#lateOthers.add(frame);
  }

  #erred(frame: Frame, form: StreamError['form'], { message, status, param }: StatedError): void {
    if (this.#error !== null) return;
    const delivered = this.#delivered;
    const cut = message.slice(0, MESSAGE_CHARS);
    this.#error = {
      frame,
      form,
      delivered,
      message: cut,
      status,
      param,
      contentAfter: null,
      usageAfter: null,
    };
  }

  #afterError(error: StreamError, frame: Frame, content: boolean, usage: boolean): void {
    this.#error = {
      ...error,
      contentAfter: error.contentAfter ?? (content ? frame : null),
      usageAfter: error.usageAfter ?? (usage ? frame : null),
    };
  }

  #frame(): Frame {
    this.#frames += 1;
    return { index: this.#frames - 1, at: 0, data: '' };
  }
}

/** The value of a whole body; null where it is no JSON object, or too much of one. */
export function wholeObject(text: string): JsonObject | null {
  if (excessOf(text, MOST_VALUES) !== null) return null;
  try {
    const value: unknown = JSON.parse(text);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** Values in a whole body: log probabilities are many. */
const MOST_VALUES = 1_000_000;
