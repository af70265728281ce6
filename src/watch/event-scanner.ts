import { HeldBytes } from './held-bytes.ts';

/** Bytes of an event that are read; a larger one is passed over. */
export const MAX_EVENT_BYTES = 1024 * 1024;

/** One server-sent event, where it stands in the body. */
export interface ScannedEvent {
  /** Where it begins: behind the blank line of the one before it. Comments in front of it are no part of it. */
  readonly start: number;
  /** Behind its blank line. */
  readonly end: number;
  /** Its data are the bytes of this from one place to another, until the call returns; null: over 1 MiB. */
  readonly data: Uint8Array | null;
  readonly from: number;
  readonly to: number;
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
const NOTHING = new Uint8Array(0);
const MOST_NAME_BYTES = 64;

const named = (name: string) => Uint8Array.from(name, (letter) => letter.charCodeAt(0));
const DATA = named('data');
const EVENT = named('event');
const IGNORED = [named('id'), named('retry')];

/** Where the value of this field begins in a line that runs from one place to another; -1 where the line is another one. */
function startOfValue(bytes: Uint8Array, from: number, to: number, field: Uint8Array): number {
  const behind = from + field.length;
  if (behind > to) return -1;
  for (let at = 0; at < field.length; at += 1) if (bytes[from + at] !== field[at]) return -1;
  if (behind === to) return to;
  if (bytes[behind] !== COLON) return -1;
  return behind + 1 < to && bytes[behind + 1] === SPACE ? behind + 2 : behind + 1;
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
  /** The only data line so far, where it stands in these bytes. */
  #data: Uint8Array | null = null;
  #from = 0;
  #to = 0;
  /** These bytes are the piece that is being scanned. */
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
      if (bytes[at] === LF) {
        at += 1;
        this.#lineEnds(bytes, at, at, this.#offset + at);
        continue;
      }
      if (lf !== -1 && lf < at) lf = bytes.indexOf(LF, at);
      if (cr !== -1 && cr < at) cr = bytes.indexOf(CR, at);
      const end = cr !== -1 && (lf === -1 || cr < lf) ? cr : lf;
      if (end === -1) break;
      let next = end + 1;
      if (end === cr) {
        if (next === bytes.length) this.#afterCr = true;
        else if (bytes[next] === LF) next += 1;
      }
      this.#lineEnds(bytes, at, end, this.#offset + next);
      at = next;
    }
    if (at < bytes.length) this.#hold(bytes.subarray(at));
    if (this.#borrowed && this.#data !== null) {
      this.#data = this.#data.slice(this.#from, this.#to);
      this.#to -= this.#from;
      this.#from = 0;
    }
    this.#borrowed = false;
    this.#offset += bytes.length;
  }

  /** The body is over; nothing may be pushed afterwards. */
  end(): void {
    if (this.#line.length > 0 || this.#lineOver) this.#lineEnds(NOTHING, 0, 0, this.#offset);
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

  /** A line of which these are the bytes, behind what is held of it. @param next where the next one begins in the body */
  #lineEnds(bytes: Uint8Array, from: number, to: number, next: number): void {
    if (this.#line.length > 0) {
      this.#hold(bytes.subarray(from, to));
      const line = this.#line.copy();
      this.#line.clear();
      this.#lineIs(line, 0, line.length, next, false);
    } else this.#lineIs(bytes, from, to, next, true);
  }

  #lineIs(bytes: Uint8Array, start: number, to: number, next: number, borrowed: boolean): void {
    let from = start;
    if (this.#firstLine) {
      this.#firstLine = false;
      if (bytes[from] === 0xef && bytes[from + 1] === 0xbb && bytes[from + 2] === 0xbf) from += 3;
    }
    const over = this.#lineOver || to - from > MAX_EVENT_BYTES;
    this.#lineOver = false;
    if (from >= to) this.#blank(next);
    else if (bytes[from] !== COLON) this.#field(bytes, from, to, over, borrowed);
    else if (!this.#open) this.#start = next;
  }

  #field(bytes: Uint8Array, from: number, to: number, over: boolean, borrowed: boolean): void {
    this.#open = true;
    const value = startOfValue(bytes, from, to, DATA);
    if (value !== -1) {
      if (over) this.#pass();
      else this.#addData(bytes, value, to, borrowed);
      return;
    }
    const name = startOfValue(bytes, from, to, EVENT);
    if (name !== -1)
      this.#name = this.#decoder.decode(bytes.subarray(name, Math.min(to, name + MOST_NAME_BYTES)));
    else if (!over && !IGNORED.some((field) => startOfValue(bytes, from, to, field) !== -1))
      this.#sink.oddLine(bytes.subarray(from, to));
  }

  #addData(bytes: Uint8Array, from: number, to: number, borrowed: boolean): void {
    if (this.#over) return;
    if (this.#data === null) {
      this.#data = bytes;
      this.#from = from;
      this.#to = to;
      this.#borrowed = borrowed;
      return;
    }
    if (this.#joined.length === 0) this.#joined.add(this.#data.subarray(this.#from, this.#to));
    if (this.#joined.length + to - from + 1 > MAX_EVENT_BYTES) {
      this.#pass();
      return;
    }
    this.#joined.add(NEWLINE);
    this.#joined.add(bytes.subarray(from, to));
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
    const isJoined = this.#joined.length > 0;
    const data = isJoined ? this.#joined.view() : this.#data;
    const from = isJoined ? 0 : this.#from;
    const to = isJoined ? this.#joined.length : this.#to;
    const start = this.#start;
    if (this.#over || data !== null)
      this.#sink.event({ start, end, data: this.#over ? null : data, from, to, name: this.#name, closed });
    if (isJoined) this.#joined.clear();
    this.#data = null;
    this.#name = undefined;
    this.#over = false;
    this.#open = false;
  }
}
