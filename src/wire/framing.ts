import { isAscii } from 'node:buffer';
import { createParser, type EventSourceParser, type ParseError } from 'eventsource-parser';
import { excessOf, MAX_VALUES } from '../text/json-extent.ts';
import { inMiB } from './limits.ts';

/** What framing finds in a body's text. `at`: ms after the request was sent. */
export interface FramingSink {
  /** The data of one event, or one NDJSON line. True where it is the end marker. */
  event(data: string, event: string | undefined, at: number): boolean;
  /** A line that is neither a comment nor a known field. */
  oddLine(line: string, at: number): void;
  /** Is this the end marker or a JSON object, that is: surely not half an event? */
  isWhole(data: string): boolean;
}

/** Text of a body, piece by piece, to events. */
export interface Framing {
  /** What is larger than allowed, in words: nothing may be pushed afterwards. null: nothing so far. */
  readonly excess: string | null;
  /** Characters that wait for the end of their line or event, at most. */
  readonly pending: number;
  push(text: string, at: number): void;
  /**
   * The body is over. True where the last event lacked its blank line (NDJSON: its newline). Such an event counts only
   * if it is whole: half of one says nothing but that the body ended there.
   */
  end(at: number): { readonly openEvent: 'none' | 'whole' | 'marker' | 'half' };
}

/** Lines of one event: each that is not yet complete costs far more memory than its characters. */
const MAX_EVENT_LINES = MAX_VALUES;

/** Server-sent events, by https://html.spec.whatwg.org/multipage/server-sent-events.html (over eventsource-parser). */
export class SseFraming implements Framing {
  readonly #sink: FramingSink;
  readonly #maxLength: number;
  readonly #parser: EventSourceParser;
  #at = 0;
  #afterCr = false;
  #draining = false;
  #open: 'none' | 'whole' | 'marker' | 'half' = 'none';
  #dispatched = false;
  #pendingLines = 0;
  excess: string | null = null;
  pending = 0;

  constructor(sink: FramingSink, maxLength: number) {
    this.#sink = sink;
    this.#maxLength = maxLength;
    this.#parser = createParser({
      onEvent: ({ data, event }) => this.#event(data, event),
      onError: (error) => this.#odd(error),
      maxBufferSize: maxLength,
    });
  }

  push(text: string, at: number): void {
    if (text === '') return;
    this.#at = at;
    // The parser waits with a CR at the end of a piece for the LF that may follow, and so would the event: it is
    // completed to CRLF here, and an LF that does follow is left out.
    const rest = this.#afterCr && text.charCodeAt(0) === 10 ? text.slice(1) : text;
    this.#afterCr = text.charCodeAt(text.length - 1) === 13;
    if (rest === '') return;
    this.#dispatched = false;
    this.#parser.feed(this.#afterCr ? `${rest}\n` : rest);
    if (this.#dispatched) {
      this.pending = 0;
      this.#pendingLines = 0;
      return;
    }
    this.pending = Math.min(this.pending + rest.length, this.#maxLength);
    this.#pendingLines += linesIn(rest);
    if (this.#pendingLines > MAX_EVENT_LINES)
      this.excess ??= `over ${MAX_EVENT_LINES} lines without an event`;
  }

  end(at: number) {
    this.#at = at;
    if (this.excess === null) {
      this.#draining = true;
      this.#parser.feed('\n\n');
    }
    return { openEvent: this.#open };
  }

  #event(data: string, event: string | undefined): void {
    this.#dispatched = true;
    this.excess ??= excessOfEvent(data);
    if (this.excess !== null) return;
    if (!this.#draining) this.#sink.event(data, event, this.#at);
    else if (!this.#sink.isWhole(data)) this.#open = 'half';
    else this.#open = this.#sink.event(data, event, this.#at) ? 'marker' : 'whole';
  }

  #odd(error: ParseError): void {
    if (error.type === 'max-buffer-size-exceeded') this.excess ??= tooLong(this.#maxLength);
    else if (error.type === 'unknown-field') {
      const line = error.line ?? '';
      this.excess ??= excessOf(line.replace(/^error:/, ''));
      if (this.excess !== null) return;
      // The body ended inside this line: it may have become anything.
      if (!this.#draining || line.startsWith('error:') || line.startsWith('{'))
        this.#sink.oddLine(line, this.#at);
    }
  }
}

const tooLong = (maxLength: number) => `a line or event over ${inMiB(maxLength)}`;

function excessOfEvent(data: string): string | null {
  // A line break takes a character at least.
  if (data.length > MAX_EVENT_LINES && linesIn(data) >= MAX_EVENT_LINES)
    return `an event of over ${MAX_EVENT_LINES} lines`;
  const excess = excessOf(data);
  return excess === null ? null : `an event with ${excess}`;
}

function linesIn(text: string): number {
  let lines = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === 10 || (code === 13 && text.charCodeAt(at + 1) !== 10)) lines += 1;
  }
  return lines;
}

/** One JSON value a line (https://github.com/ndjson/ndjson-spec); CRLF is fine, blank lines are skipped. */
export class NdjsonFraming implements Framing {
  readonly #sink: FramingSink;
  readonly #maxLength: number;
  #pieces: string[] = [];
  excess: string | null = null;
  pending = 0;

  constructor(sink: FramingSink, maxLength: number) {
    this.#sink = sink;
    this.#maxLength = maxLength;
  }

  push(text: string, at: number): void {
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      const line =
        this.pending === 0 ? text.slice(start, end) : this.#pieces.join('') + text.slice(start, end);
      this.#pieces = [];
      this.pending = 0;
      start = end + 1;
      const data = line.trim();
      this.excess = excessOfEvent(data);
      if (this.excess !== null) return;
      if (data !== '') this.#sink.event(data, undefined, at);
    }
    if (start < text.length) {
      this.#pieces.push(start === 0 ? text : text.slice(start));
      this.pending += text.length - start;
    }
    if (this.pending > this.#maxLength) this.excess = tooLong(this.#maxLength);
  }

  end(at: number): ReturnType<Framing['end']> {
    const data = this.#pieces.join('').trim();
    if (data === '' || this.excess !== null) return { openEvent: 'none' };
    this.excess = excessOfEvent(data);
    if (this.excess !== null) return { openEvent: 'none' };
    if (!this.#sink.isWhole(data)) return { openEvent: 'half' };
    return { openEvent: this.#sink.event(data, undefined, at) ? 'marker' : 'whole' };
  }
}

/**
 * Bytes to text, over any split: a character cut in two comes out whole, damaged bytes come out as U+FFFD, a byte order
 * mark at the start is dropped. Most streams are ASCII, which needs no decoder.
 */
export class Utf8Text {
  readonly #decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  #pending = false;
  #started = false;
  #wide = false;

  /** True once there was more than ASCII: the text then takes two bytes a character. */
  get wide(): boolean {
    return this.#wide;
  }

  /** The text of the next bytes; '' where they end inside their first character. */
  push(bytes: Uint8Array): string {
    if (bytes.length === 0) return '';
    if (!this.#pending && isAscii(bytes)) {
      this.#started = true;
      return asBuffer(bytes).toString('latin1');
    }
    this.#wide = true;
    const text = this.#decoder.decode(bytes, { stream: true });
    // Only bytes over 0x7f can leave an unfinished character behind.
    this.#pending = (bytes[bytes.length - 1] ?? 0) > 0x7f;
    return this.#withoutMark(text);
  }

  /** What is left: U+FFFD where the bytes end inside a character, '' otherwise. */
  end(): string {
    return this.#withoutMark(this.#decoder.decode());
  }

  #withoutMark(text: string): string {
    if (this.#started || text === '') return text;
    this.#started = true;
    return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
  }
}

function asBuffer(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}
