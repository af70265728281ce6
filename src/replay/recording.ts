/** A recording: what a run sent and received, as raw bytes with ms offsets. Format version 1. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

/** A piece of a body: text where it is valid UTF-8, else base64. */
const piece = z.tuple([z.number(), z.union([z.string(), z.object({ base64: z.string() })])]);

const reply = z.object({
  /** As the Exchange calls it: clean, cut, left, stopped; or dropped, unreachable, silent where no head came. */
  end: z.string(),
  endMs: z.number(),
  status: z.number().int().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  headMs: z.number().optional(),
  pieces: z.array(piece),
});

const exchange = z.object({ method: z.string(), path: z.string(), body: z.unknown(), reply });

const head = z.object({
  format: z.literal('lastchunk-recording'),
  version: z.literal(1),
  recordedAt: z.string(),
  /** What served: the real server's product and version as they were installed. */
  label: z.string(),
  model: z.string().nullable(),
  suite: z.enum(['smoke', 'standard', 'full']),
  seed: z.number().int(),
  /** Verdicts of the run that was recorded: "check case" → verdict. */
  verdicts: z.record(z.string(), z.enum(['pass', 'fail', 'warn', 'skip', 'error'])),
});

export type RecordedExchange = z.infer<typeof exchange>;
export type RecordingHead = z.infer<typeof head>;

export interface Recording {
  readonly head: RecordingHead;
  readonly exchanges: readonly RecordedExchange[];
}

export const HEAD_FILE = 'recording.json';
export const EXCHANGES_FILE = 'exchanges.jsonl';

/** A folder that can't be used as a recording; one line that says why. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}

/** @throws RecordingError naming the folder and what is wrong in it */
export function readRecording(folder: string): Recording {
  try {
    const lines = readFileSync(join(folder, EXCHANGES_FILE), 'utf8').trim().split('\n');
    return {
      head: head.parse(JSON.parse(readFileSync(join(folder, HEAD_FILE), 'utf8'))),
      exchanges: lines.map((line) => exchange.parse(JSON.parse(line))),
    };
  } catch (error) {
    throw new RecordingError(`${folder} is no recording of version 1: ${why(error)}`);
  }
}

function why(error: unknown): string {
  if (error instanceof z.ZodError) {
    const [issue] = error.issues;
    return issue === undefined ? 'its shape' : `${issue.path.join('.')}: ${issue.message}`;
  }
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT')
    return `it has no ${HEAD_FILE} or ${EXCHANGES_FILE}`;
  return error instanceof Error ? error.message : String(error);
}
