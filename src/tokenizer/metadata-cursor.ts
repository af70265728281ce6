import { readSync } from 'node:fs';
import { TokenizerError } from './tokenizer-error.ts';

/** Reads are made in pieces of this size, so that a file of 100 GB costs no more than its metadata. */
const WINDOW_BYTES = 1 << 18;

/**
 * A position in an open file, moving forward. Nothing is allocated on the word of the file alone:
 * every length is first compared with the bytes that are left.
 */
export class MetadataCursor {
  readonly file: string;
  readonly #descriptor: number;
  readonly #fileBytes: number;
  readonly #window = new Uint8Array(WINDOW_BYTES);
  readonly #view = new DataView(this.#window.buffer);
  #windowStart = 0;
  #windowEnd = 0;
  #position = 0;
  littleEndian = true;
  /** How many strings of arrays were read or stepped over so far. */
  stringsPassed = 0;

  /** @param fileBytes the size of the file, so that truncation shows before anything is read */
  constructor(file: string, descriptor: number, fileBytes: number) {
    this.file = file;
    this.#descriptor = descriptor;
    this.#fileBytes = fileBytes;
  }

  get position(): number {
    return this.#position;
  }

  get bytesLeft(): number {
    return this.#fileBytes - this.#position;
  }

  /** Throws unless `bytes` more bytes are there; `what` names what they would be. */
  expect(bytes: number, what: string): void {
    if (bytes <= this.bytesLeft) return;
    throw new TokenizerError(
      this.file,
      `is cut off or damaged: ${what} at byte ${this.#position} needs ${bytes} bytes and ${this.bytesLeft} are left; get the file again`,
    );
  }

  skip(bytes: number, what: string): void {
    this.expect(bytes, what);
    this.#position += bytes;
  }

  uint8(what: string): number {
    return this.#view.getUint8(this.#advance(1, what));
  }

  int8(what: string): number {
    return this.#view.getInt8(this.#advance(1, what));
  }

  uint16(what: string): number {
    return this.#view.getUint16(this.#advance(2, what), this.littleEndian);
  }

  int16(what: string): number {
    return this.#view.getInt16(this.#advance(2, what), this.littleEndian);
  }

  uint32(what: string): number {
    return this.#view.getUint32(this.#advance(4, what), this.littleEndian);
  }

  int32(what: string): number {
    return this.#view.getInt32(this.#advance(4, what), this.littleEndian);
  }

  float32(what: string): number {
    return this.#view.getFloat32(this.#advance(4, what), this.littleEndian);
  }

  float64(what: string): number {
    return this.#view.getFloat64(this.#advance(8, what), this.littleEndian);
  }

  /** A 64-bit number; above 2^53 it loses its last digits, which no length or count here may reach. */
  uint64(what: string): number {
    return Number(this.#view.getBigUint64(this.#advance(8, what), this.littleEndian));
  }

  int64(what: string): number {
    return Number(this.#view.getBigInt64(this.#advance(8, what), this.littleEndian));
  }

  /** The next `count` bytes as a copy of their own. */
  bytes(count: number, what: string): Uint8Array {
    this.expect(count, what);
    const copy = new Uint8Array(count);
    this.readAt(this.#position, copy, 0, count);
    this.#position += count;
    return copy;
  }

  /** Fills `target` between two of its indexes from any place in the file, without moving. */
  readAt(position: number, target: Uint8Array, from: number, to: number): void {
    let filled = from;
    while (filled < to) {
      const got = readSync(this.#descriptor, target, filled, to - filled, position + filled - from);
      if (got === 0) throw new TokenizerError(this.file, 'became shorter while it was read; try again');
      filled += got;
    }
  }

  /** Moves past `size` bytes and answers where in the window they start. */
  #advance(size: number, what: string): number {
    const position = this.#position;
    if (position < this.#windowStart || position + size > this.#windowEnd) {
      this.expect(size, what);
      const readable = Math.min(WINDOW_BYTES, this.#fileBytes - position);
      this.readAt(position, this.#window, 0, readable);
      this.#windowStart = position;
      this.#windowEnd = position + readable;
    }
    this.#position = position + size;
    return position - this.#windowStart;
  }
}
