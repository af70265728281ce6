/** What checks may ask about a server: its answers by case, and what other checks found there. */

import { apiOf } from '../../apis/index.ts';
import { type Answer, countsOf, limitOf } from '../../model/answer.ts';
import type { ApiId, Mode } from '../../model/api.ts';
import { type CaseId, caseKey, type ScenarioId } from '../../model/case-id.ts';
import type { Exchange } from '../../model/exchange.ts';
import type { Finding } from '../../model/finding.ts';
import type { CaseRecord, Observations } from '../../model/observations.ts';
import { type Outcome, outcomeOf } from '../../model/outcome.ts';
import { scenarioOf } from '../../scenarios/index.ts';
import type { Attempt } from './define-check.ts';

export interface ServerView {
  readonly seen: Observations;
  /** The attempts that carry the case's own body; empty where it was not sent. */
  attempts(key: string): readonly Attempt[];
  /** The case's last own answer; null where none of the right kind came. */
  answer(key: string): Answer | null;
  /** Reads any exchange as if it belonged to the case (follow-ups, parallel requests). */
  read(exchange: Exchange, id: CaseId): { readonly outcome: Outcome; readonly answer: Answer | null };
  /** Prompt plus limit certainly fits the context. */
  fits(tokens: number): boolean;
  found(check: string, key: string): Finding | undefined;
  /** Whether a prompt's count is known to depend on whether it was sent before (prompt-stable). */
  promptCountMoves(api: ApiId, mode: Mode): boolean;
  /** Whether that could not be found out, in either mode. */
  promptCountUnknown(api: ApiId): boolean;
  /**
   * Whether completion counts at the limit were found wrong in some case: then they prove nothing about others. A warning
   * is no proof of that: a server that does not know `max_completion_tokens` counts truly.
   */
  completionCountFails(api: ApiId, mode: Mode): boolean;
}

/** A streaming case's twin without streaming, and the key of a plain case in a mode. */
export function keyOf(api: ApiId, mode: Mode, scenario: ScenarioId): string {
  const options = apiOf(api).streamOptions;
  const option = mode === 'nonstream' || options.length === 0 ? '-' : 'asked';
  return caseKey({ api, mode, option, scenario });
}

/** @param findings filled while judging: what was found so far, by check and case. */
export function viewOf(
  seen: Observations,
  findings: ReadonlyMap<string, ReadonlyMap<string, Finding>>,
): ServerView {
  const read = (exchange: Exchange, id: CaseId) => {
    const outcome = outcomeOf(exchange, id.mode, seen.model);
    const base = { exchange, api: apiOf(id.api), id, limit: limitOf(exchange.request.body) };
    let answer: Answer | null = null;
    if (outcome.kind === 'stream') {
      const { stream, ending } = outcome;
      answer = { ...base, kind: 'stream', stream, ending, choices: stream.choices };
    } else if (outcome.kind === 'whole') {
      const { usage, counts, choices } = outcome.answer;
      answer = { ...base, kind: 'whole', usage, counts, choices: choices ?? [] };
    }
    return { outcome, answer };
  };

  const attemptsOf = (record: CaseRecord): readonly Attempt[] => {
    if (record.state.kind !== 'sent' || record.state.material.kind !== 'plain') return [];
    return record.state.material.exchanges.map((exchange) => ({
      record,
      exchange,
      ...read(exchange, record.id),
    }));
  };
  const attempts = new Map([...seen.cases].map(([key, record]) => [key, attemptsOf(record)]));
  const largest = Math.max(0, ...[...attempts.values()].flat().map(({ answer }) => reported(answer)));
  const found = (check: string, key: string) => findings.get(check)?.get(key);
  const brokenSomewhere = (check: string, api: ApiId, mode: Mode) =>
    [...(findings.get(check) ?? [])].some(
      ([key, finding]) => finding.verdict === 'broken' && !finding.mild && key.startsWith(`${api}/${mode}/`),
    );

  return {
    seen,
    attempts: (key) => attempts.get(key) ?? [],
    answer: (key) => attempts.get(key)?.findLast((attempt) => attempt.answer !== null)?.answer ?? null,
    read,
    fits: (tokens) => tokens <= (seen.context ?? largest),
    found,
    promptCountMoves: (api, mode) => {
      const stable = found('prompt-stable', keyOf(api, mode, 'repeat'));
      return stable?.verdict === 'broken' || (stable?.verdict === 'skip' && stable.blocked);
    },
    promptCountUnknown: (api) =>
      (['stream', 'nonstream'] as const).some(
        (mode) => found('prompt-stable', keyOf(api, mode, 'repeat'))?.verdict === 'error',
      ),
    completionCountFails: (api, mode) =>
      brokenSomewhere('completion-equals-limit', api, mode) ||
      brokenSomewhere('completion-within-limit', api, mode),
  };
}

/** Prompt and completion together prove that a context of at least so many tokens is there. */
function reported(answer: Answer | null): number {
  const counts = answer === null ? null : countsOf(answer);
  return counts === null ? 0 : counts.prompt + counts.completion;
}

/** Whether a scenario's plain text cases must be served by any server. */
export function isOptional(id: CaseId): boolean {
  return scenarioOf(id.scenario).optional;
}
