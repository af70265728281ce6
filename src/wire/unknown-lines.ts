import { type Redact, redactedHead } from './bounded.ts';

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
