/** The files of a recording, which may be anybody's: how large they are is known before they are read. */
import { existsSync, readFileSync, type Stats, statSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { MOST_BYTES, MOST_HEAD_BYTES, MOST_LINE_BYTES, MOST_VALUES } from './limits.ts';
import { linesIn, piecesOf } from './read-lines.ts';
import { RecordingError } from './recording-error.ts';

export const HEAD_FILE = 'recording.json';
export const EXCHANGES_FILE = 'exchanges.jsonl';
/** The same by gzip, a twentieth of it, where that is not there. */
const PACKED_FILE = 'exchanges.jsonl.gz';

/** How many values begin in it; what stands in strings is none. */
export function valuesIn(json: string): number {
  let values = 0;
  let isText = false;
  for (let at = 0; at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (code === 0x22) isText = !isText;
    else if (isText) {
      if (code === 0x5c) at += 1;
    } else if (code === 0x2c || code === 0x5b || code === 0x7b) values += 1;
  }
  return values;
}

const noRecording = (folder: string, why: string) => new RecordingError(`${folder} is no recording: ${why}`);

function unreadable(folder: string, name: string, error: unknown): RecordingError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
  return noRecording(folder, code === 'ENOTDIR' ? 'it is no folder' : `${name} can't be read (${code})`);
}

/** The path of one of its files. @throws RecordingError where there is none, or a larger one */
function fileIn(folder: string, name: string, most: number): string {
  const path = join(folder, name);
  let there: Stats | undefined;
  try {
    there = statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    throw unreadable(folder, name, error);
  }
  if (there === undefined) throw noRecording(folder, `it has no ${name}`);
  if (!there.isFile()) throw noRecording(folder, `${name} is no file`);
  if (there.size > most) throw noRecording(folder, `${name} is over ${inMiB(most)}`);
  return path;
}

/** @throws RecordingError */
export function headText(folder: string): string {
  const path = fileIn(folder, HEAD_FILE, MOST_HEAD_BYTES);
  try {
    const text = readFileSync(path, 'utf8');
    if (valuesIn(text) > MOST_VALUES)
      throw noRecording(folder, `${HEAD_FILE} holds over ${MOST_VALUES} values`);
    return text;
  } catch (error) {
    throw error instanceof RecordingError ? error : unreadable(folder, HEAD_FILE, error);
  }
}

/** The lines of its exchanges, one at a time; null for one that is too long. @throws RecordingError */
export function* linesOf(folder: string): Generator<string | null> {
  const isPacked = !existsSync(join(folder, EXCHANGES_FILE)) && existsSync(join(folder, PACKED_FILE));
  const name = isPacked ? PACKED_FILE : EXCHANGES_FILE;
  const path = fileIn(folder, name, MOST_BYTES);
  try {
    yield* linesIn(isPacked ? [unpacked(path)] : piecesOf(path), MOST_LINE_BYTES);
  } catch (error) {
    throw unreadable(folder, name, error);
  }
}

const unpacked = (path: string) => gunzipSync(readFileSync(path), { maxOutputLength: MOST_BYTES });

const inMiB = (bytes: number) => `${bytes / 1024 / 1024} MiB`;
