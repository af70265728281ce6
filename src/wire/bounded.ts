/** Keeping a piece of what a server sent without keeping the rest of it alive. */

/** Takes a secret out of a text before it is kept. */
export type Redact = (text: string) => string;

/** Redacts nothing. */
export const keepAsIs: Redact = (text) => text;

/**
 * The first `max` characters as a string of its own. A plain slice of a long string keeps the whole of it in memory
 * (V8 stores an offset into the parent), so what is kept is copied.
 */
export function ownText(text: string, max: number): string {
  if (text.length <= 12) return text;
  let end = Math.min(text.length, max);
  // A cut between the two halves of a surrogate pair would make an unpaired one.
  if (end < text.length && end > 0 && (text.charCodeAt(end - 1) & 0xfc00) === 0xd800) end -= 1;
  const cut = end < text.length ? text.slice(0, end) : text;
  return Buffer.from(cut).toString();
}

const MAX_RAW_TEXT = 128;

/**
 * A raw value small enough to be kept: long strings are cut, big objects become their cut JSON text. Equal values stay
 * equal, and numbers, booleans and null stay what they are.
 */
export function boundedRaw(value: unknown): unknown {
  if (typeof value === 'string')
    return value.length > MAX_RAW_TEXT ? `${ownText(value, MAX_RAW_TEXT)}…` : value;
  if (typeof value !== 'object' || value === null) return value;
  let text: string;
  try {
    text = JSON.stringify(value);
  } catch {
    // Nested deeper than the stack: JSON.parse can read what JSON.stringify cannot write.
    return '…';
  }
  return text.length > MAX_RAW_TEXT ? `${ownText(text, MAX_RAW_TEXT)}…` : value;
}

/** The fields of an object bounded one by one; the object itself stays an object of the same shape. */
export function boundedFields<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, boundedRaw(value)])) as T;
}
