/** What checks may ask about a server: its answers by case, and what the checks that they consult found there. */

import { apiOf } from '../../apis/index.ts';
import { type Answer, answerOf, countsOf } from '../../model/answer.ts';
import type { ApiId, Mode } from '../../model/api.ts';
import { type CaseId, caseKey, type ScenarioId } from '../../model/case-id.ts';
import type { Exchange } from '../../model/exchange.ts';
import type { Finding } from '../../model/finding.ts';
import type { CaseRecord, Observations } from '../../model/observations.ts';
import { type Outcome, outcomeOf } from '../../model/outcome.ts';
import { scenarioOf } from '../../scenarios/index.ts';

/** One request of a case with what became of it, before it is known to be an answer. */
export interface CaseAttempt {
  readonly record: CaseRecord;
  readonly exchange: Exchange;
  readonly outcome: Outcome;
  /** The answer where the outcome is one of the right kind. */
  readonly answer: Answer | null;
}

/** @typeParam R the checks whose findings may be looked up; a view of more checks serves where one of fewer is asked for */
export interface ServerView<R extends string = never> {
  readonly seen: Observations;
  /** The attempts that carry the case's own body; empty where it was not sent. */
  attempts(key: string): readonly CaseAttempt[];
  /** The case's last own answer; null where none of the right kind came. */
  answer(key: string): Answer | null;
  /** Reads any exchange as if it belonged to the case (follow-ups, parallel requests). */
  read(exchange: Exchange, id: CaseId): { readonly outcome: Outcome; readonly answer: Answer | null };
  /** So many tokens fit the context that the server states; where it states none, some answer's counts prove it. */
  fits(tokens: number): boolean;
  /** Some answer shows a window of at least so many tokens: of what a server states, a slot may have a part. */
  provesWindow(tokens: number): boolean;
  // Properties, not methods: TypeScript compares their parameters strictly, so that a check reads what it declares only.
  readonly found: (check: R, key: string) => Finding | undefined;
  /** All that a check found in the cases of an API in a mode. */
  readonly foundIn: (check: R, api: ApiId, mode: Mode) => readonly Finding[];
}

/** A streaming case's twin without streaming, and the key of a plain case in a mode. */
export function keyOf(api: ApiId, mode: Mode, scenario: ScenarioId): string {
  const option = mode === 'nonstream' ? '-' : (apiOf(api).usageOptions[0] ?? '-');
  return caseKey({ api, mode, option, scenario });
}

/** @param findings filled while judging: what was found so far, by check and case. */
export function viewOf(
  seen: Observations,
  findings: ReadonlyMap<string, ReadonlyMap<string, Finding>>,
): ServerView<string> {
  const read = (exchange: Exchange, id: CaseId) => {
    const api = apiOf(id.api);
    const outcome = outcomeOf(exchange, api, id.mode, seen.model);
    return { outcome, answer: answerOf(exchange, outcome, api, id) };
  };

  const attemptsOf = (record: CaseRecord): readonly CaseAttempt[] => {
    if (record.state.kind !== 'sent' || record.state.material.kind !== 'plain') return [];
    return record.state.material.exchanges.map((exchange) => ({
      record,
      exchange,
      ...read(exchange, record.id),
    }));
  };
  const attempts = new Map([...seen.cases].map(([key, record]) => [key, attemptsOf(record)]));
  const answers = [...attempts.values()].flat().flatMap(({ answer }) => answer ?? []);
  const largest = Math.max(0, ...answers.map(reported));
  const window = Math.max(0, ...answers.map(windowOf));

  return {
    seen,
    attempts: (key) => attempts.get(key) ?? [],
    answer: (key) => attempts.get(key)?.findLast((attempt) => attempt.answer !== null)?.answer ?? null,
    read,
    fits: (tokens) => tokens <= (seen.context ?? largest),
    provesWindow: (tokens) => tokens <= window,
    found: (check, key) => findings.get(check)?.get(key),
    foundIn: (check, api, mode) =>
      [...(findings.get(check) ?? [])].flatMap(([key, finding]) => {
        const id = seen.cases.get(key)?.id;
        return id?.api === api && id.mode === mode ? [finding] : [];
      }),
  };
}

/** Prompt and completion together prove that a context of at least so many tokens is there. */
function reported(answer: Answer): number {
  const counts = countsOf(answer);
  return counts === null ? 0 : counts.prompt + counts.completion;
}

/** The same for one window: several choices each have their own, and what is over the limit was not generated. */
function windowOf(answer: Answer): number {
  const counts = countsOf(answer);
  if (counts === null || answer.choices.length !== 1) return 0;
  return counts.prompt + Math.min(counts.completion, answer.limit?.tokens ?? 0);
}

/** Whether a scenario's plain text cases must be served by any server. */
export function isOptional(id: CaseId): boolean {
  return scenarioOf(id.scenario).optional;
}
