/** Values (list items and fields) in one JSON body or event, and lines in one event. */
export const MAX_VALUES = 50_000;
/** How deep lists and objects may be nested. */
export const MAX_DEPTH = 200;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/**
 * Finds JSON that is too large to parse, in one pass over its text, piece by piece. The cost of parsing depends on the
 * number of values and their depth, not on bytes: `[{},{},…]` takes twenty times its size. Stops counting where the outermost
 * value ends: JSON.parse reads no further.
 */
export class JsonExtent {
  readonly #maxValues: number;
  #values = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;
  #over = false;

  /** @param maxValues default 50,000 */
  constructor(maxValues = MAX_VALUES) {
    this.#maxValues = maxValues;
  }

  /** The next piece of the text. What there is too much of, in words; null: nothing so far. */
  push(text: string): string | null {
    let at = 0;
    if (this.#inString) at = this.#afterString(text, 0);
    else if (this.#depth === 0) at = this.#start(text);
    for (; at < text.length && !this.#over; at += 1) {
      switch (text.charCodeAt(at)) {
        case QUOTE:
          at = this.#afterString(text, at + 1) - 1;
          break;
        case 0x2c: // ,
          this.#values += 1;
          break;
        case 0x5b: // [
        case 0x7b: // {
          this.#values += 1;
          this.#depth += 1;
          if (this.#depth > MAX_DEPTH) return `JSON nested over ${MAX_DEPTH} levels deep`;
          break;
        case 0x5d: // ]
        case 0x7d: // }
          this.#depth -= 1;
          this.#over = this.#depth <= 0;
          break;
      }
      if (this.#values > this.#maxValues) return `over ${this.#maxValues} JSON values`;
    }
    return null;
  }

  /** Where the outermost value begins; what is no list and no object is not counted. */
  #start(text: string): number {
    const at = text.search(/\S/);
    if (at === -1) return text.length;
    this.#over ||= text[at] !== '{' && text[at] !== '[';
    return at;
  }

  /** Where the string ends that runs at this place: after its quote, or at the end of the text. */
  #afterString(text: string, start: number): number {
    if (text === '') return 0;
    let from = this.#escaped ? start + 1 : start;
    for (;;) {
      const quote = text.indexOf('"', from);
      const end = quote === -1 ? text.length : quote;
      let first = end;
      while (first > from && text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
      this.#escaped = (end - first) % 2 === 1;
      this.#inString = quote === -1;
      if (quote === -1) return end;
      from = quote + 1;
      if (!this.#escaped) return from;
      this.#escaped = false;
      this.#inString = true;
    }
  }
}

/** Of a whole text: what there is too much of, in words; null where it may be parsed. */
export function excessOf(text: string, maxValues = MAX_VALUES): string | null {
  // A value takes a character at least, a level two of them.
  if (text.length <= Math.min(maxValues, 2 * MAX_DEPTH)) return null;
  return new JsonExtent(maxValues).push(text);
}
