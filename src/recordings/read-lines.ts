import { closeSync, openSync, readSync } from 'node:fs';

const PIECE = 1024 * 1024;

/** The lines of a text in UTF-8 that comes in pieces, one at a time; null for one of more bytes than `most`, which is the last. */
export function* linesIn(pieces: Iterable<Buffer>, most: number): Generator<string | null> {
  let parts: Buffer[] = [];
  let size = 0;
  for (const bytes of pieces) {
    let start = 0;
    for (let end = bytes.indexOf(0x0a); end !== -1; end = bytes.indexOf(0x0a, start)) {
      if (size + end - start > most) return yield null;
      yield Buffer.concat([...parts, bytes.subarray(start, end)]).toString('utf8');
      parts = [];
      size = 0;
      start = end + 1;
    }
    parts.push(bytes.subarray(start));
    size += bytes.length - start;
    if (size > most) return yield null;
  }
  if (size > 0) yield Buffer.concat(parts).toString('utf8');
}

/** A file, piece by piece. */
export function* piecesOf(path: string): Generator<Buffer> {
  const file = openSync(path, 'r');
  try {
    for (;;) {
      const piece = Buffer.allocUnsafe(PIECE);
      const bytes = piece.subarray(0, readSync(file, piece));
      if (bytes.length === 0) return;
      yield bytes;
    }
  } finally {
    closeSync(file);
  }
}
