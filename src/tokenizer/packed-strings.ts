/**
 * Many byte strings side by side in one buffer. A vocabulary has some hundred thousand of them; as JavaScript
 * strings they would cost a second and most of the memory, and would lose the bytes that are not UTF-8.
 */
export interface PackedStrings {
  readonly count: number;
  readonly bytes: Uint8Array;
  /** Where string k begins in `bytes`. */
  readonly starts: Uint32Array;
  /** Where string k ends in `bytes` (the first byte that is not its own). */
  readonly ends: Uint32Array;
}

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const strictUtf8 = new TextDecoder('utf-8', { ignoreBOM: true, fatal: true });

/** String k as text, U+FFFD where it is not UTF-8: for showing. */
export function shownString(strings: PackedStrings, index: number): string {
  return utf8.decode(strings.bytes.subarray(strings.starts[index], strings.ends[index]));
}

/** String k as text, or undefined where it is not UTF-8 (then no text can ever equal it). */
export function exactString(strings: PackedStrings, index: number): string | undefined {
  try {
    return strictUtf8.decode(strings.bytes.subarray(strings.starts[index], strings.ends[index]));
  } catch {
    return undefined;
  }
}

/** Packs texts as UTF-8: for small tables and for tests. */
export function packStrings(texts: readonly string[]): PackedStrings {
  const parts = texts.map((text) => new TextEncoder().encode(text));
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  const starts = new Uint32Array(parts.length);
  const ends = new Uint32Array(parts.length);
  let at = 0;
  for (const [index, part] of parts.entries()) {
    bytes.set(part, at);
    starts[index] = at;
    at += part.length;
    ends[index] = at;
  }
  return { count: parts.length, bytes, starts, ends };
}
