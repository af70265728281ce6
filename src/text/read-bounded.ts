import { closeSync, openSync, readSync } from 'node:fs';

const PIECE_BYTES = 64 * 1024;

/**
 * A file that a user named; of a device or a pipe, which may never end, no more than is allowed is read.
 * @returns null where there are more than `mostBytes`. @throws what opening and reading throw
 */
export function readBounded(path: string, mostBytes: number): Buffer | null {
  const file = openSync(path, 'r');
  try {
    const pieces: Buffer[] = [];
    let size = 0;
    for (;;) {
      const piece = Buffer.allocUnsafe(PIECE_BYTES);
      const read = readSync(file, piece, 0, PIECE_BYTES, null);
      if (read === 0) return Buffer.concat(pieces, size);
      size += read;
      if (size > mostBytes) return null;
      pieces.push(piece.subarray(0, read));
    }
  } finally {
    closeSync(file);
  }
}
