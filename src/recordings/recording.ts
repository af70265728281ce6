/** A recording: what a run sent and received, as raw bytes with ms offsets. Format version 1: docs/recordings.md. */
import * as z from 'zod';
import { isJsonObject, parseJson } from '../model/json.ts';
import { HEADER_NAME, HEADER_VALUE } from '../wire/headers.ts';
import {
  MOST_EXCHANGES,
  MOST_GLOBS,
  MOST_PIECES,
  MOST_PIECES_IN_ALL,
  MOST_VALUES,
  MOST_VALUES_IN_ALL,
} from './limits.ts';
import type { RecordedExchange, RecordedPiece, RecordingHead } from './recorded.ts';
import { RecordingError } from './recording-error.ts';
import { EXCHANGES_FILE, HEAD_FILE, headText, linesOf, valuesIn } from './recording-files.ts';
import { requestKey } from './request-key.ts';

const ms = z.number().min(0).max(86_400_000);

/** A piece of a body: text where it is valid UTF-8, else base64. */
const base64 = z.string().refine((text) => !/[^\w+/=]/.test(text), 'no base64');
const piece = z.tuple([ms, z.union([z.string(), z.object({ base64 })])]);

/** A header that can be sent again. */
export function isSendable(name: string, value: string): boolean {
  return HEADER_NAME.test(name) && name === name.toLowerCase() && HEADER_VALUE.test(value);
}

const headers = z
  .record(z.string(), z.string())
  .refine((all) => Object.entries(all).every(([name, value]) => isSendable(name, value)), 'no headers');

/** As the user gave them: in either case. */
const requestHeaders = z.record(
  z.string().regex(HEADER_NAME, 'no header'),
  z.string().regex(HEADER_VALUE, 'no header'),
);

const reply = z.object({
  end: z.enum(['clean', 'cut', 'left', 'stopped', 'dropped', 'unreachable', 'silent', 'unsent']),
  endMs: ms,
  message: z.string().optional(),
  why: z.enum(['timeout', 'idle', 'too-large']).optional(),
  status: z.number().int().min(200).max(999).optional(),
  headers: headers.optional(),
  headMs: ms.optional(),
  pieces: z.array(piece).max(MOST_PIECES, `over ${MOST_PIECES} pieces`),
  withheld: z.string().optional(),
});

const exchange: z.ZodType<RecordedExchange> = z.object({
  n: z.number().int().min(0).optional(),
  method: z.string(),
  path: z.string(),
  body: z.unknown(),
  reply,
});

const globs = z.array(z.string()).max(MOST_GLOBS, `over ${MOST_GLOBS} globs`);

const run = z.object({
  name: z.string(),
  url: z.string(),
  label: z.string().nullable(),
  headers: requestHeaders,
  body: z.record(z.string(), z.unknown()),
  apis: z.array(z.string()),
  only: globs,
  skip: globs,
  confirm: z.boolean(),
  concurrency: z.number().int().min(1).max(64),
  reference: z.string().optional(),
});

const head: z.ZodType<RecordingHead> = z.object({
  format: z.literal('lastchunk-recording'),
  version: z.literal(1),
  recordedAt: z.string(),
  complete: z.boolean().optional(),
  label: z.string(),
  model: z.string().nullable(),
  suite: z.enum(['smoke', 'standard', 'full']),
  seed: z.number().int(),
  run: run.optional(),
  catalogue: z.number().int().min(1).optional(),
  resends: z.boolean().optional(),
  /** How its units were ordered; left out: the first way. */
  planning: z.union([z.literal(1), z.literal(2)]).optional(),
  verdicts: z.record(z.string(), z.enum(['pass', 'fail', 'warn', 'skip', 'error'])),
});

export interface Recording {
  readonly head: RecordingHead;
  /** In the order in which they were sent. */
  readonly exchanges: readonly RecordedExchange[];
}

export const FORMAT = { format: 'lastchunk-recording', version: 1 } as const;

/** The bytes of a recorded piece. */
export function bytesOf([, data]: RecordedPiece): Buffer {
  return typeof data === 'string' ? Buffer.from(data, 'utf8') : Buffer.from(data.base64, 'base64');
}

/** @throws RecordingError naming the folder and what is wrong in it */
export function readRecording(folder: string): Recording {
  const readHead = headIn(folder);
  return { head: readHead, exchanges: exchangesIn(folder, readHead.complete === false) };
}

function headIn(folder: string): RecordingHead {
  const value = parseJson(headText(folder));
  if (!isJsonObject(value) || value.format !== FORMAT.format)
    throw new RecordingError(`${folder} is no recording: ${HEAD_FILE} is not that of one`);
  if (value.version !== FORMAT.version)
    throw new RecordingError(
      `${folder} is a recording of version ${JSON.stringify(value.version)?.slice(0, 20)}; version ${FORMAT.version} is what this lastchunk reads`,
    );
  const read = head.safeParse(value);
  if (read.success) return read.data;
  throw new RecordingError(`${folder} is damaged: ${HEAD_FILE}: ${shapeIn(read.error)}`);
}

/** @param partial true where the last line may be half-written */
function exchangesIn(folder: string, partial: boolean): readonly RecordedExchange[] {
  const exchanges: RecordedExchange[] = [];
  let at = 0;
  let pieces = 0;
  let values = 0;
  const wrong = (why: string, line = at) =>
    new RecordingError(`${folder} is damaged: ${EXCHANGES_FILE}:${line}: ${why}`);
  /** The first line that is no JSON: the last one may be half of it, and blank ones end the file. */
  let unread: number | null = null;
  for (const line of linesOf(folder)) {
    at += 1;
    if (at > MOST_EXCHANGES) throw wrong(`over ${MOST_EXCHANGES} lines`);
    if (line === null) throw wrong(`too long a line`);
    const isBlank = line.trim() === '';
    if (unread !== null && !isBlank) throw wrong('not JSON', unread);
    const here = valuesIn(line);
    values += here;
    if (here > MOST_VALUES) throw wrong(`over ${MOST_VALUES} values`);
    if (values > MOST_VALUES_IN_ALL) throw wrong(`over ${MOST_VALUES_IN_ALL} values in all`);
    const value = isBlank ? undefined : parseJson(line);
    if (value === undefined) {
      if (!isBlank && !partial) throw wrong('not JSON');
      unread ??= at;
      continue;
    }
    const read = exchangeIn(value);
    if (typeof read === 'string') throw wrong(read);
    pieces += read.reply.pieces.length;
    if (pieces > MOST_PIECES_IN_ALL) throw wrong(`over ${MOST_PIECES_IN_ALL} pieces in all`);
    exchanges.push(read);
  }
  if (exchanges.length === 0 && !partial)
    throw new RecordingError(`${folder} is damaged: ${EXCHANGES_FILE} holds no exchange`);
  return exchanges
    .map((one, at) => ({ one, place: one.n ?? at }))
    .sort((a, b) => a.place - b.place)
    .map(({ one }) => one);
}

/** What is wrong with it, where something is. */
function exchangeIn(value: unknown): RecordedExchange | string {
  const read = exchange.safeParse(value);
  if (!read.success) return shapeIn(read.error);
  try {
    requestKey(read.data);
  } catch {
    return 'a body that is nested too deep';
  }
  return read.data;
}

function shapeIn(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? 'its shape' : `${issue.path.join('.') || 'the line'}: ${issue.message}`;
}
