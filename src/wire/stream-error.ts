import type { Frame, StreamError } from '../model/exchange.ts';
import type { StatedError } from '../model/stated-error.ts';
import { type Redact, redactedHead } from './bounded.ts';

const MESSAGE_CHARS = 1024;
const PARAM_CHARS = 64;

/** The first error of a stream, and the first content and usage that came after it. */
export class StreamErrorLog {
  readonly #redact: Redact;
  #error: Omit<StreamError, 'contentAfter' | 'usageAfter'> | null = null;
  #contentAfter: Frame | null = null;
  #usageAfter: Frame | null = null;

  constructor(redact: Redact) {
    this.#redact = redact;
  }

  /** An error came, and what follows it is still of interest. */
  get watching(): boolean {
    return this.#error !== null && (this.#contentAfter === null || this.#usageAfter === null);
  }

  /** @param delivered something was delivered before it */
  add(frame: Frame, form: StreamError['form'], error: StatedError, delivered: boolean): void {
    if (this.#error !== null) return;
    const message = redactedHead(error.message, MESSAGE_CHARS, this.#redact);
    const param = error.param && redactedHead(error.param, PARAM_CHARS, this.#redact);
    this.#error = { frame, form, delivered, message, status: error.status, param };
  }

  /** A chunk that came after the error, with what it brought. */
  after(frame: Frame, content: boolean, usage: boolean): void {
    if (content) this.#contentAfter ??= frame;
    if (usage) this.#usageAfter ??= frame;
  }

  result(): StreamError | null {
    if (this.#error === null) return null;
    return { ...this.#error, contentAfter: this.#contentAfter, usageAfter: this.#usageAfter };
  }
}

/** Lines that are no field of SSE and report no error: how many, and the first of them. */
export class UnknownLines {
  readonly #redact: Redact;
  #count = 0;
  #first = '';

  constructor(redact: Redact) {
    this.#redact = redact;
  }

  add(line: string): void {
    this.#count += 1;
    if (this.#count === 1) this.#first = redactedHead(line, 80, this.#redact);
  }

  /** In words that complete "the stream has …"; null where there were none. */
  detail(): string | null {
    if (this.#count === 0) return null;
    const many = this.#count === 1 ? 'a line that is' : `${this.#count} lines that are`;
    return `${many} no field of SSE: ${JSON.stringify(this.#first)}`;
  }
}
