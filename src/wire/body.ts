import type { Api } from '../model/api.ts';
import type { Body, Ending, SentRequest } from '../model/exchange.ts';
import { JsonExtent } from '../text/json-extent.ts';
import { wholeBody } from './answer.ts';
import { keepAsIs, ownText, type Redact } from './bounded.ts';
import { StreamFold } from './fold.ts';
import { type Framing, NdjsonFraming, SseFraming, Utf8Text } from './framing.ts';
import { DEFAULT_LIMITS, inMiB, stopped } from './limits.ts';
import { hasErrorLine, ndjsonShape, ndjsonShapeAtEnd, type Shape, sseShape, sseShapeAtEnd } from './shape.ts';

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
  readonly #extent = new JsonExtent();
  #firstByteMs: number | null = null;
  #tooLarge: Ending | null = null;

  constructor(options: BodyOptions) {
    this.#options = options;
    this.#redact = options.redact ?? keepAsIs;
    this.#bodyBytes = options.bodyBytes ?? DEFAULT_LIMITS.bodyBytes;
    this.#lineLength = options.lineLength ?? DEFAULT_LIMITS.lineLength;
    this.#shape = options.api === null ? 'whole' : null;
  }

  /** Bytes of memory that are held until the body, or an event of it, is complete. */
  get held(): number {
    const chars = this.#framing?.pending ?? this.#head.length + this.#keptLength;
    return this.#text.wide ? 2 * chars : chars;
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
    if (this.#bytes > this.#bodyBytes) return this.stop(`a body over ${inMiB(this.#bodyBytes)}`);
    // What is kept of a piece keeps the whole of it alive, and some costs grow with the square of its length.
    for (let from = 0; from < bytes.length && this.#tooLarge === null; from += PIECE_BYTES)
      this.#feed(this.#text.push(bytes.subarray(from, from + PIECE_BYTES)), at);
    return this.#tooLarge;
  }

  /** Reads no more, for this reason: the ending that the body has from now on. What is held is let go. */
  stop(what: string): Ending {
    this.#tooLarge ??= stopped('too-large', what);
    this.#pieces = [ownText(this.#pieces.join(''), SHOWN_CHARS)];
    this.#keptLength = 0;
    return this.#tooLarge;
  }

  /** The body is over; nothing may be pushed afterwards. A body over a limit keeps that as its ending. */
  finish(ending: Ending, at: number): Body {
    const left = this.#tooLarge === null ? this.#text.end() : '';
    // Half a character at the end of a stream is half an event; a whole text shows it.
    if (this.#shape !== 'stream' && left !== '') this.#feed(left, at);
    if (this.#shape === null) this.#decide(this.#shapeAtEnd(), at);
    const fold = this.#fold;
    if (fold === null || this.#framing === null)
      return wholeBody(this.#options, this.#pieces, this.#tooLarge ?? ending, this.#redact);
    const { openEvent } = this.#framing.end(at);
    if (this.#framing.excess !== null && this.#tooLarge === null) this.#stopStream(this.#framing.excess);
    const how = this.#tooLarge ?? ending;
    if (how.kind === 'clean' && (openEvent === 'whole' || openEvent === 'half')) {
      const detail =
        openEvent === 'half' ? 'an end in the middle of an event' : 'no blank line after its last event';
      fold.remark('no-final-blank-line', detail);
    }
    this.#remarkContentType(fold);
    return { kind: 'stream', ending: how, stream: fold.finish(how, this.#firstByteMs ?? at) };
  }

  #feed(text: string, at: number): void {
    if (this.#framing !== null) this.#frame(this.#framing, text, at);
    else if (this.#shape === 'whole') this.#keep(text);
    else {
      this.#head += text;
      this.#decide(this.#shapeSoFar(), at);
    }
  }

  #decide(shape: Shape | null, at: number): void {
    const { api } = this.#options;
    if (shape === null || api === null) return;
    this.#shape = shape;
    const head = this.#head;
    this.#head = '';
    if (shape === 'whole') {
      this.#keep(head);
      return;
    }
    this.#fold = new StreamFold(api, this.#options.request ?? null, this.#redact);
    const Frames = api.framing === 'sse' ? SseFraming : NdjsonFraming;
    this.#framing = new Frames(this.#fold, this.#lineLength);
    this.#frame(this.#framing, head, at);
  }

  /** A text that cannot become JSON is only shown: its beginning is enough. */
  #keep(text: string): void {
    this.#maybeJson ??= looksLikeJson(text);
    if (this.#maybeJson === false && this.#keptLength >= SHOWN_CHARS) return;
    this.#pieces.push(text);
    this.#keptLength += text.length;
    const excess = this.#extent.push(text);
    if (excess !== null) this.stop(`a body with ${excess}`);
    else if (this.held > this.#bodyBytes)
      this.stop(`a body over ${inMiB(this.#bodyBytes)} at two bytes a character`);
  }

  #frame(framing: Framing, text: string, at: number): void {
    framing.push(text, at);
    if (framing.excess !== null) this.#stopStream(framing.excess);
  }

  #stopStream(excess: string): void {
    this.#fold?.remark('too-long', excess);
    this.stop(excess);
  }

  #shapeSoFar(): Shape | null {
    const { api, streamAsked } = this.#options;
    return api?.framing === 'ndjson' ? ndjsonShape(this.#head, streamAsked) : sseShape(this.#head);
  }

  #shapeAtEnd(): Shape {
    const { api, streamAsked } = this.#options;
    if (api?.framing === 'ndjson') return ndjsonShapeAtEnd(this.#head, streamAsked);
    return SSE_TYPES.includes(this.#contentType) && hasErrorLine(this.#head)
      ? 'stream'
      : sseShapeAtEnd(this.#head);
  }

  get #contentType(): string {
    return this.#options.contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  }

  #remarkContentType(fold: StreamFold): void {
    const { api } = this.#options;
    const type = this.#contentType;
    const allowed = api?.framing === 'ndjson' ? NDJSON_TYPES : SSE_TYPES;
    if (allowed.includes(type)) return;
    const found = type === '' ? 'no content type' : `the content type ${type.slice(0, 80)}`;
    fold.remark('content-type', `${found} instead of ${allowed[0]}`);
  }
}

/** Bytes that are read at once. */
const PIECE_BYTES = 16 * 1024;
/** Characters of a text that is no JSON that are held. */
const SHOWN_CHARS = 64 * 1024;

/** By the first character that is not blank; null where there is none yet. */
function looksLikeJson(text: string): boolean | null {
  const first = text.trimStart()[0];
  return first === undefined ? null : '{["-0123456789tfn'.includes(first);
}

const SSE_TYPES = ['text/event-stream'];
const NDJSON_TYPES = ['application/x-ndjson'];
