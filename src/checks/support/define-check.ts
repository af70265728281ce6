import type { Answer } from '../../model/answer.ts';
import type { ApiId, Mode, UsageOption } from '../../model/api.ts';
import type { ScenarioId } from '../../model/case-id.ts';
import type { Exchange } from '../../model/exchange.ts';
import type { Finding } from '../../model/finding.ts';
import type { CaseRecord, Observations } from '../../model/observations.ts';
import type { Outcome } from '../../model/outcome.ts';
import type { ServerView } from './server-view.ts';

/** One request of a case with what became of it, before it is known to be an answer. */
export interface Attempt {
  readonly record: CaseRecord;
  readonly exchange: Exchange;
  readonly outcome: Outcome;
  /** The answer where the outcome is one of the right kind. */
  readonly answer: Answer | null;
}

interface CheckBase {
  readonly id: string;
  readonly level: 'MUST' | 'SHOULD';
  /** The catalogue that brought it. */
  readonly catalogue: number;
  /** Ids whose pass (or warning) in the same case is needed before this one is judged. */
  readonly needs: readonly string[];
  /** What must have been gathered for it to give results at all; left out: nothing. */
  readonly given?: (seen: Observations) => boolean;
}

/** Judges every answer of every case by itself. */
export interface AnswerCheck extends CheckBase {
  readonly kind: 'answer';
  readonly modes: readonly Mode[];
  /** Streaming options under which it has a meaning; left out: all. */
  readonly options?: readonly UsageOption[];
  readonly scenarios?: readonly ScenarioId[];
  /** Reads usage or finishes, so it needs a stream that came to its own end without an error. */
  readonly reads: 'counts' | 'usage' | 'finish' | 'events';
  /** undefined: no meaning in this answer, no result. */
  judge(answer: Answer, view: ServerView): Finding | undefined;
}

/** Judges what became of each request, answered or not. */
export interface AttemptCheck extends CheckBase {
  readonly kind: 'attempt';
  readonly modes: readonly Mode[];
  readonly options?: readonly UsageOption[];
  readonly scenarios?: readonly ScenarioId[];
  judge(attempt: Attempt, view: ServerView): Finding | undefined;
}

/** One judgement over several cases, filed at one of them. */
export interface Instance {
  readonly filedAt: string;
  /** Cases (keys) whose prerequisites must hold; the filing case is not added by itself. */
  readonly compares: readonly string[];
  readonly exchange?: Exchange;
  judge(): Finding | undefined;
}

/** Compares answers with each other. */
export interface RelationCheck extends CheckBase {
  readonly kind: 'relation';
  /** Scenarios without which it can't be judged; `only` sends these. */
  readonly scenarios: readonly ScenarioId[] | 'all';
  instances(api: ApiId, view: ServerView): readonly Instance[];
}

export type Check = AnswerCheck | AttemptCheck | RelationCheck;

type Defined<C extends Check> = Omit<C, 'level' | 'catalogue' | 'needs' | 'kind'> &
  Partial<Pick<C, 'level' | 'catalogue' | 'needs'>>;

const DEFAULTS = { level: 'MUST', catalogue: 1, needs: [] } as const;

export const answerCheck = (check: Defined<AnswerCheck>): AnswerCheck => ({
  kind: 'answer',
  ...DEFAULTS,
  ...check,
});
export const attemptCheck = (check: Defined<AttemptCheck>): AttemptCheck => ({
  kind: 'attempt',
  ...DEFAULTS,
  ...check,
});
export const relationCheck = (check: Defined<RelationCheck>): RelationCheck => ({
  kind: 'relation',
  ...DEFAULTS,
  ...check,
});

export const STREAM: readonly Mode[] = ['stream'];
export const NONSTREAM: readonly Mode[] = ['nonstream'];
export const BOTH: readonly Mode[] = ['stream', 'nonstream'];
/** Streams in which usage was asked for. `-`: APIs that have no such option. */
export const ASKED: readonly UsageOption[] = ['asked', '-'];
