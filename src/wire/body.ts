import type { Api } from '../model/api.ts';
import type { Body, Ending, SentRequest } from '../model/exchange.ts';
import { wholeBody } from './answer.ts';
import { keepAsIs, type Redact } from './bounded.ts';
import { StreamFold } from './fold.ts';
import { type Framing, NdjsonFraming, SseFraming, Utf8Text } from './framing.ts';
import { MAX_EVENT_VALUES } from './json-values.ts';
import { DEFAULT_LIMITS, stopped } from './limits.ts';
import { ndjsonShape, ndjsonShapeAtEnd, type Shape, sseShape, sseShapeAtEnd } from './shape.ts';

export interface BodyOptions {
  /** null: nothing is folded, the body is read whole. */
  readonly api: Api | null;
  /** The body of the request; left out: null. */
  readonly request?: SentRequest['body'];
  readonly contentType: string;
  /** The request asked for a stream, and the status is 2xx: one line of JSON is then a stream of one (NDJSON only). */
  readonly streamAsked: boolean;
  /** Bytes of the body, default 8 MiB. */
  readonly bodyBytes?: number;
  /** Characters of a line or event, default 1 MiB. */
  readonly lineLength?: number;
  readonly redact?: Redact;
}

/**
 * Bytes of a body (after transfer and content decoding) → Body. The same for a live body and a recording. Streams are
 * folded as they come; only a whole answer is buffered.
 */
export class BodyReader {
  readonly #options: BodyOptions;
  readonly #redact: Redact;
  readonly #bodyBytes: number;
  readonly #lineLength: number;
  readonly #text = new Utf8Text();
  #head = '';
  #pieces: string[] = [];
  #shape: Shape | null;
  #fold: StreamFold | null = null;
  #framing: Framing | null = null;
  #bytes = 0;
  #keptLength = 0;
  #maybeJson: boolean | null = null;
  #firstByteMs: number | null = null;
  #tooLarge: Ending | null = null;

  constructor(options: BodyOptions) {
    this.#options = options;
    this.#redact = options.redact ?? keepAsIs;
    this.#bodyBytes = options.bodyBytes ?? DEFAULT_LIMITS.bodyBytes;
    this.#lineLength = options.lineLength ?? DEFAULT_LIMITS.lineLength;
    this.#shape = options.api === null ? 'whole' : null;
  }

  /** True once text, reasoning or a tool call was streamed. */
  get delivered(): boolean {
    return this.#fold?.delivered ?? false;
  }

  /** The next bytes, `at` ms after the request was sent. An ending where the body is to be stopped here, else null. */
  push(bytes: Uint8Array, at: number): Ending | null {
    if (this.#tooLarge !== null) return this.#tooLarge;
    if (bytes.length === 0) return null;
    this.#firstByteMs ??= at;
    this.#bytes += bytes.length;
    if (this.#bytes > this.#bodyBytes) return this.#stop(`a body over ${inMiB(this.#bodyBytes)}`);
    return this.#feed(this.#text.push(bytes), at);
  }

  /** The body is over; nothing may be pushed afterwards. A body over a limit keeps that as its ending. */
  finish(ending: Ending, at: number): Body {
    const left = this.#tooLarge === null ? this.#text.end() : '';
    // Half a character at the end of a stream is half an event; a whole text shows it.
    if (this.#shape !== 'stream' && left !== '') this.#feed(left, at);
    if (this.#shape === null) this.#decide(this.#shapeAtEnd(), at);
    const how = this.#tooLarge ?? ending;
    const fold = this.#fold;
    if (fold === null || this.#framing === null) {
      const text = this.#pieces.join('');
      this.#pieces = [];
      return wholeBody(this.#options.api, text, how, this.#redact);
    }
    const { openEvent } = this.#framing.end(at);
    if (how.kind === 'clean' && (openEvent === 'whole' || openEvent === 'half')) {
      const detail =
        openEvent === 'half' ? 'an end in the middle of an event' : 'no blank line after its last event';
      fold.remark('no-final-blank-line', detail);
    }
    this.#remarkContentType(fold);
    return { kind: 'stream', ending: how, stream: fold.finish(how, this.#firstByteMs ?? at) };
  }

  #feed(text: string, at: number): Ending | null {
    if (this.#framing !== null) return this.#frame(this.#framing, text, at);
    if (this.#shape === 'whole') {
      this.#keep(text);
      return null;
    }
    this.#head += text;
    return this.#decide(this.#shapeSoFar(), at);
  }

  #decide(shape: Shape | null, at: number): Ending | null {
    const { api } = this.#options;
    if (shape === null || api === null) return null;
    this.#shape = shape;
    const head = this.#head;
    this.#head = '';
    if (shape === 'whole') {
      this.#keep(head);
      return null;
    }
    this.#fold = new StreamFold(api, this.#options.request ?? null, this.#redact);
    const Frames = api.framing === 'sse' ? SseFraming : NdjsonFraming;
    this.#framing = new Frames(this.#fold, this.#lineLength);
    return this.#frame(this.#framing, head, at);
  }

  /** A text that cannot become JSON is only shown: its beginning is enough. */
  #keep(text: string): void {
    this.#keptLength += text.length;
    if (this.#maybeJson ?? true) this.#pieces.push(text);
    else if (this.#keptLength < SHOWN_CHARS) this.#pieces.push(text);
    if (this.#options.api !== null) this.#maybeJson ??= looksLikeJson(text);
  }

  #frame(framing: Framing, text: string, at: number): Ending | null {
    if (framing.push(text, at)) return null;
    const what = `a line or event over ${inMiB(this.#lineLength)}, or ${MAX_EVENT_VALUES} values`;
    this.#fold?.remark('too-long', what);
    return this.#stop(what);
  }

  #stop(what: string): Ending {
    this.#tooLarge = stopped('too-large', what);
    return this.#tooLarge;
  }

  #shapeSoFar(): Shape | null {
    const { api, streamAsked } = this.#options;
    return api?.framing === 'ndjson' ? ndjsonShape(this.#head, streamAsked) : sseShape(this.#head);
  }

  #shapeAtEnd(): Shape {
    const { api, streamAsked } = this.#options;
    return api?.framing === 'ndjson' ? ndjsonShapeAtEnd(this.#head, streamAsked) : sseShapeAtEnd(this.#head);
  }

  #remarkContentType(fold: StreamFold): void {
    const { api, contentType } = this.#options;
    const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
    const allowed = api?.framing === 'ndjson' ? NDJSON_TYPES : SSE_TYPES;
    if (allowed.includes(type)) return;
    const found = type === '' ? 'no content type' : `the content type ${type.slice(0, 80)}`;
    fold.remark('content-type', `${found} instead of ${allowed[0]}`);
  }
}

/** Characters of a text that is no JSON that are held. */
const SHOWN_CHARS = 64 * 1024;

/** By the first character that is not blank; null where there is none yet. */
function looksLikeJson(text: string): boolean | null {
  const first = text.trimStart()[0];
  return first === undefined ? null : '{["-0123456789tfn'.includes(first);
}

const SSE_TYPES = ['text/event-stream'];
const NDJSON_TYPES = [
  'application/x-ndjson',
  'application/ndjson',
  'application/jsonl',
  'application/x-jsonl',
  'application/json-lines',
  'application/jsonlines',
  'application/json',
];

function inMiB(bytes: number): string {
  return bytes >= 1024 * 1024
    ? `${Math.round(bytes / (1024 * 1024))} MiB`
    : `${Math.round(bytes / 1024)} KiB`;
}
