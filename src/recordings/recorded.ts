/** What the files of a recording hold. */
import type { Verdict } from '../model/report.ts';

/** A piece of a body, and after how many ms it came: text where it is valid UTF-8, else base64. */
export type RecordedPiece = [ms: number, bytes: string | { base64: string }];

export interface RecordedReply {
  /** clean, cut, left or stopped (by the tester) after a response; else why none came. */
  end: 'clean' | 'cut' | 'left' | 'stopped' | 'dropped' | 'unreachable' | 'silent' | 'unsent';
  endMs: number;
  /** What was said of an end that is not clean. */
  message?: string | undefined;
  /** What it was stopped for. */
  why?: 'timeout' | 'idle' | 'too-large' | undefined;
  status?: number | undefined;
  headers?: Record<string, string> | undefined;
  headMs?: number | undefined;
  pieces: RecordedPiece[];
  /** Why the body is not kept, where it is not. */
  withheld?: string | undefined;
}

export interface RecordedExchange {
  /** Place in the order in which requests were sent; left out: that of the line. */
  n?: number | undefined;
  method: string;
  path: string;
  body: unknown;
  reply: RecordedReply;
}

export interface RecordedRun {
  name: string;
  url: string;
  /** As given by --label. */
  label: string | null;
  /** Names of the headers that were sent, with values taken out. */
  headers: Record<string, string>;
  /** The user's own fields of each request, with secrets taken out. */
  body: Record<string, unknown>;
  apis: string[];
  only: string[];
  skip: string[];
  confirm: boolean;
  concurrency: number;
  /** Sources of reference counts that were asked; left out: none. */
  reference?: string | undefined;
}

export interface RecordingHead {
  format: 'lastchunk-recording';
  version: 1;
  recordedAt: string;
  /** False while it runs, and after an interruption. Left out: true. */
  complete?: boolean | undefined;
  /** What served: product and version as given or found. */
  label: string;
  model: string | null;
  suite: 'smoke' | 'standard' | 'full';
  seed: number;
  /** How the run was made; left out: with nothing but a label. */
  run?: RecordedRun | undefined;
  /** The catalogue that was run, which the verdicts are of; left out: the first. */
  catalogue?: number | undefined;
  /** Whether requests were sent again to be compared warm, or with a larger limit; left out: they were not. */
  resends?: boolean | undefined;
  /** How its units were ordered; left out: the first way. */
  planning?: 1 | 2 | undefined;
  /** Verdicts of the run that was recorded: "check case" → verdict. */
  verdicts: Record<string, Verdict>;
}
