/** A recording: what a run sent and received, as raw bytes with ms offsets. Format version 1: docs/recordings.md. */
import { z } from 'zod';
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
  pieces: z.array(piece).max(MOST_PIECES, `over ${MOST_PIECES} pieces`),
  /** Why the body is not kept, where it is not. */
  withheld: z.string().optional(),
});

const exchange = z.object({
  /** Place in the order in which requests were sent; left out: that of the line. */
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
  /** As given by --label. */
  label: z.string().nullable(),
  /** Names of the headers that were sent, with values taken out. */
  headers: requestHeaders,
  /** The user's own fields of each request, with secrets taken out. */
  body: z.record(z.string(), z.unknown()),
  apis: z.array(z.string()),
  only: globs,
  skip: globs,
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
  /** Whether requests were sent again to be compared warm, or with a larger limit; left out: they were not. */
  resends: z.boolean().optional(),
  /** How its units were ordered; left out: the first way. */
  planning: z.union([z.literal(1), z.literal(2)]).optional(),
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

export const FORMAT = { format: 'lastchunk-recording', version: 1 } as const;

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
