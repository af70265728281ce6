/** Keeping a piece of what a server sent without keeping the rest of it alive. */
import { createHash } from 'node:crypto';

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

/** Looked at beyond a cut, so that a key that runs over it is seen as a whole and taken out. */
export const LONGEST_KEY = 4096;

/** The first `max` characters of a text without its keys. */
export function redactedHead(text: string, max: number, redact: Redact): string {
  return ownText(redact === keepAsIs ? text : redact(text.slice(0, max + LONGEST_KEY)), max);
}

const MAX_RAW_TEXT = 128;

/**
 * The first 128 characters, and a digest of all where there are more: ids of 224 characters that differ at their end stay
 * different (LiteLLM 1.83.8, Responses). Where it is cut a key is taken out before, since half of one would not be known again.
 */
export function boundedText(text: string, redact: Redact): string {
  if (text.length <= MAX_RAW_TEXT) return text;
  const whole = redact(text);
  const digest = createHash('sha256').update(whole).digest('hex').slice(0, 8);
  return `${ownText(whole, MAX_RAW_TEXT)}…${digest}`;
}

/**
 * A raw value small enough to be kept: long strings are cut, big objects become their cut JSON text. Equal values stay
 * equal, and numbers, booleans, null and short texts stay what they are: they are judged, and redacted when they are shown.
 */
export function boundedRaw(value: unknown, redact: Redact): unknown {
  if (typeof value === 'string') return boundedText(value, redact);
  if (typeof value !== 'object' || value === null) return value;
  const text = JSON.stringify(value);
  return text.length > MAX_RAW_TEXT ? boundedText(text, redact) : value;
}

/** The fields of an object bounded one by one; the object itself stays an object of the same shape. */
export function boundedFields<T extends object>(fields: T, redact: Redact): T {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, boundedRaw(value, redact)]),
  ) as T;
}
