import { isAscii } from 'node:buffer';
import { createParser, type EventSourceParser, type ParseError } from 'eventsource-parser';
import { hasMoreValues, MAX_EVENT_VALUES } from './json-values.ts';

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
  /** False once a line or an event is larger than allowed; nothing may be pushed afterwards. */
  push(text: string, at: number): boolean;
  /**
   * The body is over. True where the last event lacked its blank line (NDJSON: its newline). Such an event counts only
   * if it is whole: half of one says nothing but that the body ended there.
   */
  end(at: number): { readonly openEvent: 'none' | 'whole' | 'marker' | 'half' };
}

/** Server-sent events, by https://html.spec.whatwg.org/multipage/server-sent-events.html (over eventsource-parser). */
export class SseFraming implements Framing {
  readonly #sink: FramingSink;
  readonly #parser: EventSourceParser;
  #at = 0;
  #tooLong = false;
  #afterCr = false;
  #draining = false;
  #open: 'none' | 'whole' | 'marker' | 'half' = 'none';

  constructor(sink: FramingSink, maxLength: number) {
    this.#sink = sink;
    this.#parser = createParser({
      onEvent: ({ data, event }) => {
        if (this.#tooLong || hasMoreValues(data, MAX_EVENT_VALUES)) this.#tooLong = true;
        else if (this.#draining) this.#openEvent(data, event);
        else sink.event(data, event, this.#at);
      },
      onError: (error) => this.#odd(error),
      maxBufferSize: maxLength,
    });
  }

  push(text: string, at: number): boolean {
    if (text === '') return !this.#tooLong;
    this.#at = at;
    // The parser waits with a CR at the end of a piece for the LF that may follow, and so would the event: it is
    // completed to CRLF here, and an LF that does follow is left out.
    const rest = this.#afterCr && text.charCodeAt(0) === 10 ? text.slice(1) : text;
    this.#afterCr = text.charCodeAt(text.length - 1) === 13;
    if (rest !== '') this.#parser.feed(this.#afterCr ? `${rest}\n` : rest);
    return !this.#tooLong;
  }

  end(at: number) {
    this.#at = at;
    if (!this.#tooLong) {
      this.#draining = true;
      this.#parser.feed('\n\n');
    }
    return { openEvent: this.#open };
  }

  #openEvent(data: string, event: string | undefined): void {
    if (!this.#sink.isWhole(data)) this.#open = 'half';
    else this.#open = this.#sink.event(data, event, this.#at) ? 'marker' : 'whole';
  }

  #odd(error: ParseError): void {
    if (error.type === 'max-buffer-size-exceeded') this.#tooLong = true;
    else if (error.type === 'unknown-field') {
      const line = error.line ?? '';
      // The body ended inside this line: it may have become anything.
      if (!this.#draining || line.startsWith('error:') || line.startsWith('{'))
        this.#sink.oddLine(line, this.#at);
    }
  }
}

/** One JSON value a line (https://github.com/ndjson/ndjson-spec); CRLF is fine, blank lines are skipped. */
export class NdjsonFraming implements Framing {
  readonly #sink: FramingSink;
  readonly #maxLength: number;
  #pieces: string[] = [];
  #pending = 0;

  constructor(sink: FramingSink, maxLength: number) {
    this.#sink = sink;
    this.#maxLength = maxLength;
  }

  push(text: string, at: number): boolean {
    let start = 0;
    for (let end = text.indexOf('\n'); end !== -1; end = text.indexOf('\n', start)) {
      const line =
        this.#pending === 0 ? text.slice(start, end) : this.#pieces.join('') + text.slice(start, end);
      this.#pieces = [];
      this.#pending = 0;
      start = end + 1;
      const data = line.trim();
      if (hasMoreValues(data, MAX_EVENT_VALUES)) return false;
      if (data !== '') this.#sink.event(data, undefined, at);
    }
    if (start < text.length) {
      this.#pieces.push(start === 0 ? text : text.slice(start));
      this.#pending += text.length - start;
    }
    return this.#pending <= this.#maxLength;
  }

  end(at: number): ReturnType<Framing['end']> {
    const data = this.#pieces.join('').trim();
    if (data === '' || hasMoreValues(data, MAX_EVENT_VALUES)) return { openEvent: 'none' };
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

  /** The text of the next bytes; '' where they end inside their first character. */
  push(bytes: Uint8Array): string {
    if (bytes.length === 0) return '';
    if (!this.#pending && isAscii(bytes)) {
      this.#started = true;
      return asBuffer(bytes).toString('latin1');
    }
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
