/** A member of an object as it is written in a JSON text, which its parsed value does not tell. */
export interface WrittenMember {
  /** Keys from the outermost object to this member. */
  readonly path: readonly string[];
  /** Where its value begins in the text, and the place behind it. */
  readonly start: number;
  readonly end: number;
  /** The text of its value where that is a number; '' for anything else. */
  readonly number: string;
  /** Its key stands earlier in the same object, however it is spelt: a parsed object has only the last one. */
  readonly repeated: boolean;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENS_OBJECT = 0x7b;
const OPENS_LIST = 0x5b;
const CLOSES_OBJECT = 0x7d;
const CLOSES_LIST = 0x5d;
const COMMA = 0x2c;
const NUMBER = /^[-\d]/;

/**
 * Visits the members of the outermost object and of those that `enters` names by their paths, in the order of the text; all
 * else is passed over without a look inside.
 * @param text JSON that JSON.parse has taken
 */
export function visitMembers(
  text: string,
  enters: (path: readonly string[]) => boolean,
  visit: (member: WrittenMember) => void,
): void {
  let at = blanksPassed(0);
  if (text.charCodeAt(at) === OPENS_OBJECT) object([]);

  function object(above: readonly string[]): void {
    const keys = new Set<string>();
    at = blanksPassed(at + 1);
    while (at < text.length && text.charCodeAt(at) !== CLOSES_OBJECT) {
      const key = keyAt(at);
      // Behind the key stands a colon, behind the member a comma or the end of the object.
      at = blanksPassed(blanksPassed(afterString(at)) + 1);
      const path = [...above, key];
      const start = at;
      if (text.charCodeAt(at) === OPENS_OBJECT && enters(path)) object(path);
      else passValue();
      const end = afterBlanks(at);
      const number = NUMBER.test(text.charAt(start)) ? text.slice(start, end) : '';
      visit({ path, start, end, number, repeated: keys.has(key) });
      keys.add(key);
      at = blanksPassed(at);
      if (text.charCodeAt(at) === COMMA) at = blanksPassed(at + 1);
    }
    at += 1;
  }

  function keyAt(start: number): string {
    const end = afterString(start);
    const written = text.slice(start + 1, end - 1);
    return written.includes('\\') ? String(JSON.parse(text.slice(start, end))) : written;
  }

  /** To the place behind the value that stands here. */
  function passValue(): void {
    let depth = 0;
    for (; at < text.length; at += 1) {
      switch (text.charCodeAt(at)) {
        case QUOTE:
          at = afterString(at) - 1;
          break;
        case OPENS_OBJECT:
        case OPENS_LIST:
          depth += 1;
          break;
        case CLOSES_OBJECT:
        case CLOSES_LIST:
          // The end of the object around it ends a number, too.
          if (depth === 0) return;
          depth -= 1;
          break;
        case COMMA:
          if (depth === 0) return;
          break;
      }
    }
  }

  function afterString(start: number): number {
    let quote = start;
    for (;;) {
      quote = text.indexOf('"', quote + 1);
      if (quote === -1) return text.length;
      let first = quote;
      while (text.charCodeAt(first - 1) === BACKSLASH) first -= 1;
      if ((quote - first) % 2 === 0) return quote + 1;
    }
  }

  /** The place behind the last character before this one that is no blank. */
  function afterBlanks(before: number): number {
    let end = before;
    while (text.charCodeAt(end - 1) <= 0x20) end -= 1;
    return end;
  }

  function blanksPassed(from: number): number {
    let next = from;
    while (next < text.length && text.charCodeAt(next) <= 0x20) next += 1;
    return next;
  }
}
