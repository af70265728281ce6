import type { MetadataCursor } from './metadata-cursor.ts';
import type { PackedStrings } from './packed-strings.ts';
import { TokenizerError } from './tokenizer-error.ts';

/** In a GGUF file each string has its length, 8 bytes, in front of it. */
const LENGTH_BYTES = 8;
const FIRST_READ_BYTES = 1 << 20;
const MOST_STRINGS = 1 << 22;
const MOST_BYTES = 1 << 28;
/** In all arrays of a file together: skipping them takes time as well. */
const MOST_STRINGS_IN_FILE = 1 << 23;

/**
 * Reads an array of strings as one block, the lengths left standing between them: 100 MB of vocabulary then cost
 * one pass over the lengths and no copying string by string.
 *
 * @throws TokenizerError when the array reaches past the end of the file
 */
export function readPackedStrings(cursor: MetadataCursor, count: number, what: string): PackedStrings {
  boundCount(cursor, count, what);
  const first = cursor.position;
  const available = cursor.bytesLeft;
  const starts = new Uint32Array(count);
  const ends = new Uint32Array(count);
  let bytes = new Uint8Array(0);
  let view = new DataView(bytes.buffer);

  const reach = (needed: number): void => {
    if (needed <= bytes.length) return;
    if (needed > available) {
      throw new TokenizerError(cursor.file, `is cut off or damaged inside ${what}; get the file again`);
    }
    if (needed > MOST_BYTES)
      throw new TokenizerError(cursor.file, `claims over ${MOST_BYTES} bytes for ${what}; it is damaged`);
    const size = Math.min(available, MOST_BYTES, Math.max(needed, bytes.length * 2, FIRST_READ_BYTES));
    const grown = new Uint8Array(size);
    grown.set(bytes);
    cursor.readAt(first + bytes.length, grown, bytes.length, size);
    bytes = grown;
    view = new DataView(bytes.buffer);
  };

  let at = 0;
  for (let index = 0; index < count; index += 1) {
    reach(at + LENGTH_BYTES);
    const length = cursor.littleEndian
      ? view.getUint32(at, true) + view.getUint32(at + 4, true) * 2 ** 32
      : view.getUint32(at + 4, false) + view.getUint32(at, false) * 2 ** 32;
    at += LENGTH_BYTES;
    reach(at + length);
    starts[index] = at;
    at += length;
    ends[index] = at;
  }
  cursor.skip(at, what);
  return { count, bytes: bytes.subarray(0, at), starts, ends };
}

/** Skips an array of strings. */
export function skipStrings(cursor: MetadataCursor, count: number, what: string): void {
  boundCount(cursor, count, what);
  for (let index = 0; index < count; index += 1) cursor.skip(cursor.uint64(what), what);
}

function boundCount(cursor: MetadataCursor, count: number, what: string): void {
  cursor.expect(count * LENGTH_BYTES, what);
  cursor.stringsPassed += count;
  if (count <= MOST_STRINGS && cursor.stringsPassed <= MOST_STRINGS_IN_FILE) return;
  throw new TokenizerError(cursor.file, `claims ${count} strings for ${what}; no vocabulary has that many`);
}
