import { closeSync, fstatSync, openSync } from 'node:fs';
import { readPackedStrings, skipStrings } from './gguf-strings.ts';
import { MetadataCursor } from './metadata-cursor.ts';
import type { PackedStrings } from './packed-strings.ts';
import { TokenizerError } from './tokenizer-error.ts';

/** One metadata value that was asked for. Whole numbers above 2^53 lose their last digits. */
export type GgufValue =
  | { readonly kind: 'number'; readonly value: number }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'string'; readonly value: string }
  | { readonly kind: 'strings'; readonly value: PackedStrings }
  | { readonly kind: 'numbers'; readonly element: string; readonly value: Float64Array };

/** The metadata of a GGUF file: only the keys that were asked for. */
export interface GgufMetadata {
  /** The path as it was given, for messages. */
  readonly file: string;
  readonly values: ReadonlyMap<string, GgufValue>;
}

type Scalar = {
  readonly name: string;
  readonly bytes: number;
  read(cursor: MetadataCursor, what: string): number;
};

const BOOL = 7;
const STRING = 8;
const ARRAY = 9;

/** The numbered value types of the GGUF specification (ggml, docs/gguf.md). */
const SCALARS: ReadonlyMap<number, Scalar> = new Map<number, Scalar>([
  [0, { name: 'uint8', bytes: 1, read: (cursor, what) => cursor.uint8(what) }],
  [1, { name: 'int8', bytes: 1, read: (cursor, what) => cursor.int8(what) }],
  [2, { name: 'uint16', bytes: 2, read: (cursor, what) => cursor.uint16(what) }],
  [3, { name: 'int16', bytes: 2, read: (cursor, what) => cursor.int16(what) }],
  [4, { name: 'uint32', bytes: 4, read: (cursor, what) => cursor.uint32(what) }],
  [5, { name: 'int32', bytes: 4, read: (cursor, what) => cursor.int32(what) }],
  [6, { name: 'float32', bytes: 4, read: (cursor, what) => cursor.float32(what) }],
  [BOOL, { name: 'bool', bytes: 1, read: (cursor, what) => cursor.uint8(what) }],
  [10, { name: 'uint64', bytes: 8, read: (cursor, what) => cursor.uint64(what) }],
  [11, { name: 'int64', bytes: 8, read: (cursor, what) => cursor.int64(what) }],
  [12, { name: 'float64', bytes: 8, read: (cursor, what) => cursor.float64(what) }],
]);

/**
 * Real files have a few dozen keys, and vocabularies of some hundred thousand tokens; these bounds reject a malformed
 * file early, before it takes more than a second or so.
 */
const MOST_KEYS = 65_536;
const LONGEST_KEY = 65_535;
const LONGEST_STRING = 4 << 20;
const MOST_NUMBERS = 1 << 22;
const MOST_BYTES = 2 ** 29;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/**
 * Reads the metadata of a GGUF file (version 2 or 3, either byte order) without touching its tensors. What is not
 * wanted is skipped, and the file is not trusted: lengths and counts are checked against its size.
 *
 * @param file path of the file
 * @param wanted says for a key whether its value is needed
 * @throws TokenizerError when the file is missing, cut off, damaged or not GGUF
 */
export function readGgufMetadata(file: string, wanted: (key: string) => boolean): GgufMetadata {
  let descriptor: number;
  try {
    descriptor = openSync(file, 'r');
  } catch (error) {
    throw new TokenizerError(
      file,
      `cannot be opened (${codeOf(error)}); check the path and its permissions`,
      { cause: error },
    );
  }
  try {
    const stat = fstatSync(descriptor);
    if (!stat.isFile()) throw new TokenizerError(file, 'is not a regular file; give a GGUF file');
    return readFrom(new MetadataCursor(file, descriptor, stat.size), wanted);
  } catch (error) {
    if (error instanceof TokenizerError) throw error;
    throw new TokenizerError(file, `cannot be read (${codeOf(error)}); check the disk`, { cause: error });
  } finally {
    closeSync(descriptor);
  }
}

function readFrom(cursor: MetadataCursor, wanted: (key: string) => boolean): GgufMetadata {
  const { file } = cursor;
  if (utf8.decode(cursor.bytes(4, 'the magic number')) !== 'GGUF') {
    throw new TokenizerError(
      file,
      'is not a GGUF file (it does not begin with "GGUF"); give a GGUF file or a tokenizer.json',
    );
  }
  let version = cursor.uint32('the version');
  // Versions are small: a number with nothing in its low half was written in the other byte order.
  if ((version & 0xffff) === 0) {
    cursor.littleEndian = false;
    version =
      ((version & 0xff) << 24) | ((version & 0xff00) << 8) | ((version >>> 8) & 0xff00) | (version >>> 24);
  }
  if (version !== 2 && version !== 3) {
    throw new TokenizerError(
      file,
      `is GGUF version ${version}; only 2 and 3 are known, convert it with a current llama.cpp`,
    );
  }
  cursor.uint64('the number of tensors');
  const keys = cursor.uint64('the number of keys');
  if (keys > MOST_KEYS)
    throw new TokenizerError(file, `claims ${keys} metadata keys; it is damaged, get it again`);

  const seen = new Set<string>();
  const values = new Map<string, GgufValue>();
  for (let index = 0; index < keys; index += 1) {
    const key = readString(cursor, `key ${index}`, LONGEST_KEY);
    if (seen.has(key))
      throw new TokenizerError(file, `has the key "${key}" twice; it is damaged, get it again`);
    seen.add(key);
    if (cursor.position > MOST_BYTES) {
      throw new TokenizerError(file, `has over ${MOST_BYTES} bytes of metadata; it is damaged, get it again`);
    }
    const type = cursor.uint32(`the type of "${key}"`);
    if (wanted(key)) values.set(key, readValue(cursor, type, key));
    else skipValue(cursor, type, key);
  }
  return { file, values };
}

function readValue(cursor: MetadataCursor, type: number, key: string): GgufValue {
  const what = `the value of "${key}"`;
  if (type === STRING) return { kind: 'string', value: readString(cursor, what, LONGEST_STRING) };
  if (type !== ARRAY) {
    const value = scalarOf(cursor, type, key).read(cursor, what);
    return type === BOOL ? { kind: 'boolean', value: value !== 0 } : { kind: 'number', value };
  }
  const { element, count } = readArrayHead(cursor, key);
  if (element === STRING) return { kind: 'strings', value: readPackedStrings(cursor, count, what) };
  const scalar = scalarOf(cursor, element, key);
  cursor.expect(count * scalar.bytes, what);
  if (count > MOST_NUMBERS)
    throw new TokenizerError(cursor.file, `claims ${count} numbers in "${key}"; no vocabulary has that many`);
  const numbers = new Float64Array(count);
  for (let index = 0; index < count; index += 1) numbers[index] = scalar.read(cursor, what);
  return { kind: 'numbers', element: scalar.name, value: numbers };
}

function skipValue(cursor: MetadataCursor, type: number, key: string): void {
  const what = `the value of "${key}"`;
  if (type === STRING) {
    cursor.skip(cursor.uint64(what), what);
  } else if (type === ARRAY) {
    const { element, count } = readArrayHead(cursor, key);
    if (element === STRING) skipStrings(cursor, count, what);
    else cursor.skip(count * scalarOf(cursor, element, key).bytes, what);
  } else {
    cursor.skip(scalarOf(cursor, type, key).bytes, what);
  }
}

function readArrayHead(cursor: MetadataCursor, key: string): { element: number; count: number } {
  const element = cursor.uint32(`the element type of "${key}"`);
  if (element === ARRAY) {
    throw new TokenizerError(
      cursor.file,
      `has an array of arrays in "${key}", which GGUF does not allow; get the file again`,
    );
  }
  return { element, count: cursor.uint64(`the length of "${key}"`) };
}

function scalarOf(cursor: MetadataCursor, type: number, key: string): Scalar {
  const scalar = SCALARS.get(type);
  if (scalar) return scalar;
  throw new TokenizerError(
    cursor.file,
    `has the unknown value type ${type} in "${key}"; it is damaged or newer than this program`,
  );
}

/** A string ends at its first zero byte, as it does for llama.cpp, which hands it on as a C string. */
function readString(cursor: MetadataCursor, what: string, longest: number): string {
  const length = cursor.uint64(what);
  cursor.expect(length, what);
  if (length > longest)
    throw new TokenizerError(cursor.file, `claims ${length} bytes for ${what}; it is damaged, get it again`);
  const bytes = cursor.bytes(length, what);
  const zero = bytes.indexOf(0);
  return utf8.decode(zero < 0 ? bytes : bytes.subarray(0, zero));
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
