import type { Answer } from '../../model/answer.ts';
import type { ApiId, Mode, Rule, UsageOption } from '../../model/api.ts';
import type { ScenarioId } from '../../model/case-id.ts';
import type { Exchange } from '../../model/exchange.ts';
import type { ClassOf, Finding } from '../../model/finding.ts';
import type { CaseAttempt, ServerView } from './server-view.ts';

/** What a check says of itself in its file; what is left out has a default. */
interface Definition<C extends string, R extends string> {
  readonly id: string;
  /** MUST where left out. */
  readonly level?: 'MUST' | 'SHOULD';
  /** The catalogue that brought it; the first where left out. */
  readonly catalogue?: number;
  /** How it can be broken: the classes of its findings; `http-*` stands for http-500 and its like. */
  readonly classes: readonly C[];
  /** Checks that must pass (or only be warned about) in the same case before this one is judged. */
  readonly needs?: readonly string[];
  /** Only APIs that promise this are judged; left out: all. */
  readonly rule?: Rule;
  /** Checks whose findings it looks up in the view, which gives it no others. */
  readonly consults?: readonly R[];
  /** In whole answers it is needed in place of these, which judge streams only. */
  readonly standsFor?: readonly string[];
  /** It may come by chance: it is retried like a fail, and what does not come twice is a skip. */
  readonly believedTwice?: boolean;
  /** It compares counts of prompts, which proves nothing where a stream gives two of one prompt. */
  readonly countsPrompts?: boolean;
  /** It compares with reference counts: it gives no result in a run without them, and is judged after all else was sent. */
  readonly comparesReferences?: boolean;
}

/** Judges every answer of every case by itself. */
interface AnswerDefinition<C extends string, R extends string> extends Definition<C, R> {
  readonly modes: readonly Mode[];
  /** Streaming options under which it has a meaning; left out: all. */
  readonly options?: readonly UsageOption[];
  readonly scenarios?: readonly ScenarioId[];
  /** What of an answer it reads: all but `events` needs a stream that came to its own end without an error. */
  readonly reads: 'counts' | 'usage' | 'finish' | 'events';
  /** undefined: no meaning in this answer, no result. */
  judge(answer: Answer, view: ServerView<R>): Finding<ClassOf<C>> | undefined;
}

/** Judges what became of each request, answered or not. */
interface AttemptDefinition<C extends string, R extends string> extends Definition<C, R> {
  readonly modes: readonly Mode[];
  readonly options?: readonly UsageOption[];
  readonly scenarios?: readonly ScenarioId[];
  judge(attempt: CaseAttempt, view: ServerView<R>): Finding<ClassOf<C>> | undefined;
}

/** One judgement over several cases, filed at one of them. */
export interface Instance<F extends Finding = Finding> {
  readonly filedAt: string;
  /** Cases (keys) whose prerequisites must hold; the filing case is not added by itself. */
  readonly compares: readonly string[];
  readonly exchange?: Exchange;
  judge(): F | undefined;
}

/** Compares answers with each other. */
interface RelationDefinition<C extends string, R extends string> extends Definition<C, R> {
  /** Modes in which it files findings. */
  readonly modes: readonly Mode[];
  /** Scenarios without which it can't be judged; `only` sends these. */
  readonly scenarios: readonly ScenarioId[] | 'all';
  instances(api: ApiId, view: ServerView<R>): readonly Instance<Finding<ClassOf<C>>>[];
}

type Complete<D extends Definition<string, string>> = D & Required<Pick<D, keyof typeof DEFAULTS>>;

export type AnswerCheck = Complete<AnswerDefinition<string, string>> & { readonly kind: 'answer' };
export type AttemptCheck = Complete<AttemptDefinition<string, string>> & { readonly kind: 'attempt' };
export type RelationCheck = Complete<RelationDefinition<string, string>> & { readonly kind: 'relation' };
export type Check = AnswerCheck | AttemptCheck | RelationCheck;

/** The catalogue of what names none. */
export const FIRST_CATALOGUE = 1;

const DEFAULTS = {
  level: 'MUST',
  catalogue: FIRST_CATALOGUE,
  needs: [],
  consults: [],
  standsFor: [],
  believedTwice: false,
  comparesReferences: false,
  countsPrompts: false,
} as const;

// By the type parameters a check can use only the classes and the other checks that it declares.
export function answerCheck<const C extends string, const R extends string = never>(
  check: AnswerDefinition<C, R>,
): AnswerCheck {
  return { kind: 'answer', ...DEFAULTS, ...check };
}

export function attemptCheck<const C extends string, const R extends string = never>(
  check: AttemptDefinition<C, R>,
): AttemptCheck {
  return { kind: 'attempt', ...DEFAULTS, ...check };
}

export function relationCheck<const C extends string, const R extends string = never>(
  check: RelationDefinition<C, R>,
): RelationCheck {
  return { kind: 'relation', ...DEFAULTS, ...check };
}

export const STREAM: readonly Mode[] = ['stream'];
export const NONSTREAM: readonly Mode[] = ['nonstream'];
export const BOTH: readonly Mode[] = ['stream', 'nonstream'];
/** Streams in which usage was asked for. `-`: APIs that have no such option. */
export const ASKED: readonly UsageOption[] = ['asked', '-'];
