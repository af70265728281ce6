import { closeSync, openSync, readSync } from 'node:fs';

const PIECE = 1024 * 1024;

/** The lines of a file in UTF-8, one at a time; null for one of more bytes than `most`, which is the last. */
export function* readLines(path: string, most: number): Generator<string | null> {
  const file = openSync(path, 'r');
  try {
    let parts: Buffer[] = [];
    let size = 0;
    for (;;) {
      const piece = Buffer.allocUnsafe(PIECE);
      const bytes = piece.subarray(0, readSync(file, piece));
      if (bytes.length === 0) break;
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
  } finally {
    closeSync(file);
  }
}
