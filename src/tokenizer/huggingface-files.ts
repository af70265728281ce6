import { readFile, stat } from 'node:fs/promises';
import { excessOf } from '../text/json-extent.ts';
import { isRecord } from './chat-messages.ts';
import { TokenizerError } from './tokenizer-error.ts';

/** The largest tokenizer.json known has 34 MB, and two million values. */
const MOST_BYTES = 64 << 20;
const MOST_VALUES = 5_000_000;

/** The text of a file; undefined where there is none. @throws TokenizerError */
export async function readText(file: string): Promise<string | undefined> {
  try {
    const found = await stat(file);
    // Opening a pipe would wait for someone to write into it.
    if (!found.isFile()) throw new TokenizerError(file, 'is not a regular file; give the right one');
    if (found.size > MOST_BYTES)
      throw new TokenizerError(file, `has ${found.size} bytes, over ${MOST_BYTES}; give the right file`);
    return await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof TokenizerError) throw error;
    if (error instanceof Error && 'code' in error && (error.code === 'ENOENT' || error.code === 'ENOTDIR'))
      return undefined;
    throw new TokenizerError(file, `cannot be read (${messageOf(error)})`, { cause: error });
  }
}

/** A JSON object from a file; undefined where there is no such file. @throws TokenizerError */
export async function readJson(file: string): Promise<Record<string, unknown> | undefined> {
  const text = await readText(file);
  if (text === undefined) return undefined;
  const excess = excessOf(text, MOST_VALUES);
  if (excess !== null) throw new TokenizerError(file, `holds ${excess}; give the right file`);
  try {
    const parsed: unknown = JSON.parse(text);
    if (isRecord(parsed)) return parsed;
  } catch (error) {
    throw new TokenizerError(file, `is not JSON (${messageOf(error)}); get the file again`, { cause: error });
  }
  throw new TokenizerError(file, 'holds no JSON object; get the file again');
}

/** The text of a special token, which files give as text or as an object with its settings. */
export function contentOf(token: unknown): string | undefined {
  if (typeof token === 'string') return token;
  return isRecord(token) && typeof token.content === 'string' ? token.content : undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
