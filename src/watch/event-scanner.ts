import { HeldBytes } from './held-bytes.ts';

/** Bytes of an event that are read; a larger one is passed over. */
export const MAX_EVENT_BYTES = 1024 * 1024;

/** One server-sent event, where it stands in the body. */
export interface ScannedEvent {
  /** Where it begins: behind the blank line of the one before it. Comments in front of it are no part of it. */
  readonly start: number;
  /** Behind its blank line. */
  readonly end: number;
  /** null: over 1 MiB. Valid until the call returns. */
  readonly data: Uint8Array | null;
  readonly name: string | undefined;
  /** False where the body ended before its blank line. */
  readonly closed: boolean;
}

export interface ScannerSink {
  event(event: ScannedEvent): void;
  /** A line that is neither a comment nor a field of server-sent events, without its end. */
  oddLine(line: Uint8Array): void;
}

const LF = 0x0a;
const CR = 0x0d;
const SPACE = 0x20;
const COLON = 0x3a;
const NEWLINE = Uint8Array.of(LF);
const MOST_NAME_BYTES = 64;

const named = (name: string) => Uint8Array.from(name, (letter) => letter.charCodeAt(0));
const DATA = named('data');
const EVENT = named('event');
const IGNORED = [named('id'), named('retry')];

/** Where the value of this field begins; -1 where the line is another one. */
function startOfValue(line: Uint8Array, field: Uint8Array): number {
  for (let at = 0; at < field.length; at += 1) if (line[at] !== field[at]) return -1;
  if (line.length === field.length) return line.length;
  if (line[field.length] !== COLON) return -1;
  return line[field.length + 1] === SPACE ? field.length + 2 : field.length + 1;
}

/**
 * Server-sent events out of the bytes of a body, over any split, by https://html.spec.whatwg.org/multipage/server-sent-events.html.
 * Nothing is decoded but names. What is held is at most an event of 1 MiB, and never throws.
 */
export class EventScanner {
  readonly #sink: ScannerSink;
  readonly #decoder = new TextDecoder();
  readonly #line = new HeldBytes();
  readonly #joined = new HeldBytes();
  /** The only data line so far. */
  #data: Uint8Array | null = null;
  /** `#data` stands in the piece that is being scanned. */
  #borrowed = false;
  #name: string | undefined;
  #offset = 0;
  #start = 0;
  /** The event that is open has a field. */
  #open = false;
  #over = false;
  #lineOver = false;
  #afterCr = false;
  #firstLine = true;

  constructor(sink: ScannerSink) {
    this.#sink = sink;
  }

  /** Bytes before this place belong to events that are complete, or to one that is not read. */
  get settled(): number {
    return this.#over || this.#lineOver ? this.#offset : this.#start;
  }

  push(bytes: Uint8Array): void {
    let at = 0;
    if (this.#afterCr && bytes.length > 0) {
      this.#afterCr = false;
      if (bytes[0] === LF) at = 1;
      if (at === 1 && !this.#open) this.#start += 1;
    }
    let lf = bytes.indexOf(LF, at);
    let cr = bytes.indexOf(CR, at);
    while (at < bytes.length) {
      if (lf !== -1 && lf < at) lf = bytes.indexOf(LF, at);
      if (cr !== -1 && cr < at) cr = bytes.indexOf(CR, at);
      const end = cr !== -1 && (lf === -1 || cr < lf) ? cr : lf;
      if (end === -1) break;
      let next = end + 1;
      if (end === cr) {
        if (next === bytes.length) this.#afterCr = true;
        else if (bytes[next] === LF) next += 1;
      }
      this.#lineEnds(bytes.subarray(at, end), this.#offset + next);
      at = next;
    }
    if (at < bytes.length) this.#hold(bytes.subarray(at));
    if (this.#borrowed && this.#data !== null) this.#data = this.#data.slice();
    this.#borrowed = false;
    this.#offset += bytes.length;
  }

  /** The body is over; nothing may be pushed afterwards. */
  end(): void {
    if (this.#line.length > 0 || this.#lineOver) this.#lineEnds(new Uint8Array(0), this.#offset);
    if (this.#open) this.#dispatch(this.#offset, false);
  }

  #hold(piece: Uint8Array): void {
    if (this.#lineOver) return;
    if (this.#line.length + piece.length <= MAX_EVENT_BYTES) this.#line.add(piece);
    else {
      // Its head is kept, by which it is known whether it is a comment.
      if (this.#line.length === 0) this.#line.add(piece.subarray(0, MOST_NAME_BYTES));
      this.#lineOver = true;
    }
  }

  /** @param rest of the line, behind what is held of it */
  #lineEnds(rest: Uint8Array, end: number): void {
    let line = rest;
    let borrowed = true;
    if (this.#line.length > 0) {
      this.#hold(rest);
      line = this.#line.copy();
      borrowed = false;
      this.#line.clear();
    }
    if (this.#firstLine) {
      this.#firstLine = false;
      if (line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf) line = line.subarray(3);
    }
    const over = this.#lineOver || line.length > MAX_EVENT_BYTES;
    this.#lineOver = false;
    if (line.length === 0) this.#blank(end);
    else if (line[0] !== COLON) this.#field(line, over, borrowed);
    else if (!this.#open) this.#start = end;
  }

  #field(line: Uint8Array, over: boolean, borrowed: boolean): void {
    this.#open = true;
    const value = startOfValue(line, DATA);
    if (value !== -1) {
      if (over) this.#pass();
      else this.#addData(line.subarray(value), borrowed);
      return;
    }
    const name = startOfValue(line, EVENT);
    if (name !== -1) this.#name = this.#decoder.decode(line.subarray(name, name + MOST_NAME_BYTES));
    else if (!over && !IGNORED.some((field) => startOfValue(line, field) !== -1)) this.#sink.oddLine(line);
  }

  #addData(value: Uint8Array, borrowed: boolean): void {
    if (this.#over) return;
    if (this.#data === null) {
      this.#data = value;
      this.#borrowed = borrowed;
      return;
    }
    if (this.#joined.length === 0) this.#joined.add(this.#data);
    if (this.#joined.length + value.length + 1 > MAX_EVENT_BYTES) {
      this.#pass();
      return;
    }
    this.#joined.add(NEWLINE);
    this.#joined.add(value);
  }

  /** The event that is open is too large to be read. */
  #pass(): void {
    this.#over = true;
    this.#data = null;
    this.#joined.clear();
  }

  #blank(end: number): void {
    if (this.#open) this.#dispatch(end, true);
    this.#start = end;
  }

  #dispatch(end: number, closed: boolean): void {
    const data = this.#joined.length > 0 ? this.#joined.view() : this.#data;
    if (this.#over || data !== null)
      this.#sink.event({ start: this.#start, end, data: this.#over ? null : data, name: this.#name, closed });
    this.#joined.clear();
    this.#data = null;
    this.#name = undefined;
    this.#over = false;
    this.#open = false;
  }
}
