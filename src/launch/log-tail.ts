import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

const maxBytes = 64 * 1024;
/** Longer than what is shown of a line: a key that is cut in two would not be found and redacted. */
const maxLineLength = 4600;

/**
 * The last lines of a log file. The server writes to the file itself, so that it never waits for this process, and its
 * output is kept when this process ends.
 *
 * @param from offset in bytes to start at, such as the end of the log before a restart.
 * @returns at most `count` lines that are not blank, long ones cut; empty when there is no such file.
 */
export function lastLines(file: string, count: number, from = 0): string[] {
  let fd: number;
  try {
    fd = openSync(file, 'r');
  } catch {
    return [];
  }
  try {
    const { size } = fstatSync(fd);
    const start = Math.max(from, size - maxBytes);
    const bytes = Buffer.alloc(Math.max(0, size - start));
    const read = readSync(fd, bytes, 0, bytes.length, start);
    return splitLines(bytes.toString('utf8', 0, read)).slice(-count);
  } finally {
    closeSync(fd);
  }
}

/** The lines of a text that are not blank, without colours. A carriage return ends a line too: progress bars are drawn with it. */
function splitLines(text: string): string[] {
  return stripVTControlCharacters(text)
    .split(/[\r\n]+/)
    .map((line) => line.trimEnd())
    .filter((line) => line !== '')
    .map((line) => (line.length > maxLineLength ? `${line.slice(0, maxLineLength)}…` : line));
}

/** Puts lines together again out of pieces that end anywhere, and gives each to `onLine` as soon as it is whole. */
export function lineFeed(onLine: (line: string) => void): { push(text: string): void; end(): void } {
  let rest = '';
  return {
    push(text) {
      const pieces = (rest + text).split(/[\r\n]/);
      rest = (pieces.pop() ?? '').slice(-maxBytes);
      for (const line of pieces.flatMap(splitLines)) onLine(line);
    },
    end() {
      for (const line of splitLines(rest)) onLine(line);
      rest = '';
    },
  };
}
