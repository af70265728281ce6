/** A recording: what a run sent and received, as raw bytes with ms offsets. Format version 1: docs/recordings.md. */
import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { isJsonObject, parseJson } from '../model/json.ts';
import { requestKey } from './request-key.ts';

const ms = z.number().min(0).max(86_400_000);

/** A piece of a body: text where it is valid UTF-8, else base64. */
const base64 = z.string().refine((text) => !/[^\w+/=]/.test(text), 'no base64');
const piece = z.tuple([ms, z.union([z.string(), z.object({ base64 })])]);

/** A header that can be sent again. */
export function isSendable(name: string, value: string): boolean {
  return /^[!#$%&'*+.^_`|~0-9a-z-]+$/.test(name) && /^[\t -~\x80-\xff]*$/.test(value);
}

const headers = z
  .record(z.string(), z.string())
  .refine((all) => Object.entries(all).every(([name, value]) => isSendable(name, value)), 'no headers');

const reply = z.object({
  /** clean, cut, left or stopped (by the tester) after a response; else why none came. */
  end: z.enum(['clean', 'cut', 'left', 'stopped', 'dropped', 'unreachable', 'silent', 'unsent']),
  endMs: ms,
  /** What was said of an end that is not clean. */
  message: z.string().optional(),
  /** What it was stopped for. */
  why: z.enum(['timeout', 'idle', 'too-large']).optional(),
  status: z.number().int().min(200).max(999).optional(),
  headers: headers.optional(),
  headMs: ms.optional(),
  pieces: z.array(piece),
});

const exchange = z.object({
  /** Place in the order in which requests were sent; left out: that of the line. */
  n: z.number().int().min(0).optional(),
  method: z.string(),
  path: z.string(),
  body: z.unknown(),
  reply,
});

const run = z.object({
  name: z.string(),
  url: z.string(),
  /** As given by --label. */
  label: z.string().nullable(),
  /** Names of the headers that were sent, with values taken out. */
  headers: z.record(z.string(), z.string()),
  /** The user's own fields of each request, with secrets taken out. */
  body: z.record(z.string(), z.unknown()),
  apis: z.array(z.string()),
  only: z.array(z.string()),
  skip: z.array(z.string()),
  confirm: z.boolean(),
  concurrency: z.number().int().min(1).max(64),
  /** Sources of reference counts that were asked; left out: none. */
  reference: z.string().optional(),
});

const head = z.object({
  format: z.literal('lastchunk-recording'),
  version: z.literal(1),
  recordedAt: z.string(),
  /** False while it runs, and after an interruption. Left out: true. */
  complete: z.boolean().optional(),
  /** What served: product and version as given or found. */
  label: z.string(),
  model: z.string().nullable(),
  suite: z.enum(['smoke', 'standard', 'full']),
  seed: z.number().int(),
  /** How the run was made; left out: with nothing but a label. */
  run: run.optional(),
  /** The catalogue that was run, which the verdicts are of; left out: the first. */
  catalogue: z.number().int().min(1).optional(),
  /** Verdicts of the run that was recorded: "check case" → verdict. */
  verdicts: z.record(z.string(), z.enum(['pass', 'fail', 'warn', 'skip', 'error'])),
});

export type RecordedExchange = z.infer<typeof exchange>;
export type RecordedReply = z.infer<typeof reply>;
export type RecordedRun = z.infer<typeof run>;
export type RecordingHead = z.infer<typeof head>;

export interface Recording {
  readonly head: RecordingHead;
  /** In the order in which they were sent. */
  readonly exchanges: readonly RecordedExchange[];
}

export const HEAD_FILE = 'recording.json';
export const EXCHANGES_FILE = 'exchanges.jsonl';
export const FORMAT = { format: 'lastchunk-recording', version: 1 } as const;

/** A folder that can't be used as a recording; one line that says why. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}

/** The bytes of a recorded piece. */
export function bytesOf([, data]: RecordedReply['pieces'][number]): Buffer {
  return typeof data === 'string' ? Buffer.from(data, 'utf8') : Buffer.from(data.base64, 'base64');
}

/** @throws RecordingError naming the folder and what is wrong in it */
export function readRecording(folder: string): Recording {
  const readHead = headIn(folder);
  return { head: readHead, exchanges: exchangesIn(folder, readHead.complete === false) };
}

function headIn(folder: string): RecordingHead {
  const value = parseJson(contentOf(folder, HEAD_FILE, 16 * 1024 * 1024));
  if (!isJsonObject(value) || value['format'] !== FORMAT.format)
    throw new RecordingError(`${folder} is no recording: ${HEAD_FILE} is not that of one`);
  if (value['version'] !== FORMAT.version)
    throw new RecordingError(
      `${folder} is a recording of version ${JSON.stringify(value['version'])?.slice(0, 20)}; version ${FORMAT.version} is what this lastchunk reads`,
    );
  const read = head.safeParse(value);
  if (read.success) return read.data;
  throw new RecordingError(`${folder} is damaged: ${HEAD_FILE}: ${shapeIn(read.error)}`);
}

/** @param partial true where the last line may be half-written */
function exchangesIn(folder: string, partial: boolean): readonly RecordedExchange[] {
  const lines = contentOf(folder, EXCHANGES_FILE, 384 * 1024 * 1024).split('\n');
  const last = lines.findLastIndex((line) => line.trim() !== '');
  const exchanges: RecordedExchange[] = [];
  for (const [at, line] of lines.slice(0, last + 1).entries()) {
    const wrong = (why: string) =>
      new RecordingError(`${folder} is damaged: ${EXCHANGES_FILE}:${at + 1}: ${why}`);
    const value = parseJson(line);
    if (value === undefined) {
      if (partial && at === last) break;
      throw wrong('not JSON');
    }
    const read = exchange.safeParse(value);
    if (!read.success) throw wrong(shapeIn(read.error));
    try {
      requestKey(read.data);
    } catch {
      throw wrong('a body that is nested too deep');
    }
    exchanges.push(read.data);
  }
  if (exchanges.length === 0 && !partial)
    throw new RecordingError(`${folder} is damaged: ${EXCHANGES_FILE} holds no exchange`);
  return exchanges
    .map((one, at) => ({ one, place: one.n ?? at }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one);
}

function contentOf(folder: string, name: string, mostBytes: number): string {
  const path = join(folder, name);
  const no = (why: string) => new RecordingError(`${folder} is no recording: ${why}`);
  try {
    const there = statSync(path, { throwIfNoEntry: false });
    if (there === undefined) throw no(`it has no ${name}`);
    if (!there.isFile()) throw no(`${name} is no file`);
    if (there.size > mostBytes) throw no(`${name} is over ${Math.round(mostBytes / 1024 / 1024)} MiB`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof RecordingError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw no(code === 'ENOTDIR' ? 'it is no folder' : `${name} can't be read (${code})`);
  }
}

function shapeIn(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? 'its shape' : `${issue.path.join('.') || 'the line'}: ${issue.message}`;
}
