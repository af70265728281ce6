import type { Frame, StreamError } from '../model/exchange.ts';
import { isJsonObject, parseJson } from '../model/json.ts';
import { type Redact, redactedHead } from './bounded.ts';

const MESSAGE_CHARS = 1024;

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

  add(frame: Frame, form: StreamError['form'], message: string): void {
    this.#error ??= { frame, form, message: redactedHead(message, MESSAGE_CHARS, this.#redact) };
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

/**
 * An error in a line that is no field of SSE: `error: {…}` (llama.cpp until 2025) or a line of bare JSON with `error`.
 * null for any other line.
 */
export function errorLine(
  line: string,
): { readonly form: 'sse-line' | 'bare-json'; readonly message: string } | null {
  if (line.startsWith('error:')) {
    const rest = line.slice('error:'.length).trim();
    const value = parseJson(rest);
    return {
      form: 'sse-line',
      message: errorMessage(isJsonObject(value) ? (value.error ?? value) : rest),
    };
  }
  const start = line.trimStart();
  if (!start.startsWith('{')) return null;
  const value = parseJson(start);
  if (!isJsonObject(value)) return null;
  const error = value.error;
  if (error === undefined || error === null || error === false) return null;
  return { form: 'bare-json', message: errorMessage(error) };
}

function errorMessage(error: unknown): string {
  if (typeof error === 'string') return error;
  if (isJsonObject(error) && typeof error.message === 'string') return error.message;
  return JSON.stringify(error);
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
