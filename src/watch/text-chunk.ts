import type { ChoicePart, Chunk, StreamReader } from '../model/api.ts';
import { isJsonObject, parseJson } from '../model/json.ts';
import { FixedBytes } from './fixed-bytes.ts';

/** What a chunk of text delivers. */
export type Delivery = 'text' | 'reasoning' | 'toolCalls';

const DELIVERIES: readonly Delivery[] = ['text', 'reasoning', 'toolCalls'];

/** What is delivered, where it is of one kind and nothing else; null: nothing, or several. */
function onlyDelivery(part: ChoicePart): Delivery | null {
  const [first, ...more] = DELIVERIES.filter((kind) => part[kind] !== '');
  return more.length > 0 ? null : (first ?? null);
}

/** The only part of a chunk that says nothing but text; null for any other chunk. */
function plainPart({ choices, error, ends, usage, breaches = [] }: Chunk): ChoicePart | null {
  if (typeof choices === 'string' || choices.length !== 1 || breaches.length > 0) return null;
  const [part] = choices;
  if (part === undefined || error !== null || ends || usage.kind === 'value') return null;
  const { finish, mistyped = [], tokenIds, logprobs = 0, stoppedBy } = part;
  const isPlain = finish === null && mistyped.length === 0 && tokenIds === null && logprobs === 0;
  return isPlain && stoppedBy === undefined ? part : null;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const LETTER_U = 0x75;
const SHORT_ESCAPES = new Set(Array.from('"\\/bfnrt', (letter) => letter.charCodeAt(0)));
const FIRST_PRINTABLE = 0x20;

const NOT_ASCII = /[\u0080-\uffff]/g;
const escapedUnit = (unit: string) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** How a text is written as JSON: as it is, or in ASCII alone. */
function spellings(text: string): readonly string[] {
  const written = JSON.stringify(text);
  const ascii = written.replace(NOT_ASCII, escapedUnit);
  return ascii === written ? [written] : [written, ascii];
}

/** Where the only place of one of these in a text begins, and how long it is; null where there is none, or several. */
function onlyPlace(data: string, literals: readonly string[]): readonly [start: number, end: number] | null {
  for (const literal of literals) {
    const start = data.indexOf(literal);
    if (start !== -1) return data.indexOf(literal, start + 1) === -1 ? [start, start + literal.length] : null;
  }
  return null;
}

/** The text of a chunk that was not parsed. */
export interface FoundText {
  /** As UTF-8. */
  readonly bytes: number;
  readonly ascii: boolean;
  /** Where it stands in the data, as JSON, without its quotes. */
  readonly start: number;
  readonly end: number;
}

/**
 * A chunk of text as it was once parsed. Those that follow differ from it in the text alone, nearly always: where the bytes
 * before and behind the text are the same, and what stands between them is the inside of one JSON string, JSON.parse would
 * give the same object with another text. So they are not parsed.
 */
export class TextChunk {
  readonly index: number | undefined;
  readonly kind: Delivery;
  readonly usage: Chunk['usage']['kind'];
  readonly #before: FixedBytes;
  readonly #behind: FixedBytes;

  private constructor(part: ChoicePart, kind: Delivery, usage: TextChunk['usage'], around: [string, string]) {
    this.index = part.index;
    this.kind = kind;
    this.usage = usage;
    this.#before = new FixedBytes(around[0]);
    this.#behind = new FixedBytes(around[1]);
  }

  /** @param data from which `chunk` was read; null where it is no chunk of text alone, or its text cannot be told from the rest */
  static of(data: string, chunk: Chunk, reader: StreamReader): TextChunk | null {
    const part = plainPart(chunk);
    const kind = part === null ? null : onlyDelivery(part);
    if (part === null || kind === null) return null;
    const place = onlyPlace(data, spellings(part[kind]));
    if (place === null) return null;
    const around: [string, string] = [data.slice(0, place[0] + 1), data.slice(place[1] - 1)];
    // Something else may be spelt like the text: with another one in its place, that one has to be read.
    const other = part[kind] === 'x' ? 'y' : 'x';
    const value = parseJson(around.join(other));
    const probe = isJsonObject(value) ? plainPart(reader.read(value, undefined)) : null;
    if (probe === null || probe[kind] !== other || onlyDelivery(probe) !== kind || probe.index !== part.index)
      return null;
    return new TextChunk(part, kind, chunk.usage.kind, around);
  }

  /** True where both are of the same choice and deliver the same. */
  isLike(other: TextChunk): boolean {
    return this.index === other.index && this.kind === other.kind;
  }

  /**
   * The text in the data of an event, bytes from one place to another, that is like this chunk but for its text; null for any
   * other, and where it has none.
   * @param view of the same bytes
   */
  textIn(data: Uint8Array, view: DataView, from: number, to: number): FoundText | null {
    const start = from + this.#before.length;
    const end = to - this.#behind.length;
    if (end <= start || !this.#behind.standAt(end, view) || !this.#before.standAt(from, view)) return null;
    return insideOfString(data, start, end);
  }
}

/** null where this is not the inside of a JSON string, or one that is better parsed. */
function insideOfString(data: Uint8Array, start: number, end: number): FoundText | null {
  let bytes = 0;
  let ascii = true;
  for (let at = start; at < end; ) {
    const byte = data[at] ?? QUOTE;
    if (byte === QUOTE || byte < FIRST_PRINTABLE) return null;
    if (byte !== BACKSLASH) {
      if (byte > 0x7f) ascii = false;
      bytes += 1;
      at += 1;
    } else if (at + 1 < end && SHORT_ESCAPES.has(data[at + 1] ?? 0)) {
      bytes += 1;
      at += 2;
    } else {
      const unit = at + 6 <= end && data[at + 1] === LETTER_U ? unitAt(data, at + 2) : -1;
      // A pair of halves is left to the parser.
      if (unit < 0 || (unit & 0xf800) === 0xd800) return null;
      if (unit > 0x7f) ascii = false;
      bytes += unit < 0x80 ? 1 : unit < 0x800 ? 2 : 3;
      at += 6;
    }
  }
  return { bytes, ascii, start, end };
}

/** The UTF-16 unit that four hexadecimal digits write; -1 where there are none. */
function unitAt(bytes: Uint8Array, start: number): number {
  let unit = 0;
  for (let at = start; at < start + 4; at += 1) {
    const digit = digitOf(bytes[at] ?? 0);
    if (digit < 0) return -1;
    unit = unit * 16 + digit;
  }
  return unit;
}

function digitOf(byte: number): number {
  if (byte >= 0x30 && byte <= 0x39) return byte - 0x30;
  const letter = byte | 0x20;
  return letter >= 0x61 && letter <= 0x66 ? letter - 0x57 : -1;
}
