/** Counts that arrive one request late, told by the scenario sequence: each request twice in a row. */
import { type Counts, countsOf, hasErred, usagesDisagree } from '../../model/answer.ts';
import { blocked, inapplicable, observed, type Skip, type Unjudged, unjudged } from '../../model/finding.ts';
import type { CaseRecord } from '../../model/observations.ts';
import type { ServerView } from './server-view.ts';

/** Counts of a request's first and second sending. */
export interface Round {
  readonly first: Counts;
  readonly own: Counts;
}

/** The rounds of a sequence; why there are none, where they can't be had. */
export function roundsOf(record: CaseRecord, view: ServerView): readonly Round[] | Skip | Unjudged {
  if (record.state.kind !== 'sent' || record.state.material.kind !== 'sequence')
    return inapplicable('not sent');
  const rounds: Round[] = [];
  for (const { first, second } of record.state.material.rounds) {
    const read = [first, second].map((exchange) => view.read(exchange, record.id));
    for (const { outcome } of read) {
      if (outcome.kind === 'unjudged') return unjudged(outcome.reason);
      if (outcome.kind === 'refused') return inapplicable(`refused: ${outcome.reason}`);
      if (outcome.kind === 'failed') return blocked(`request-answered: ${observed(outcome)}`);
    }
    if (read.some(({ answer }) => answer !== null && hasErred(answer)))
      return blocked('error-ends-stream: a stream ended in an error');
    if (read.some(({ answer }) => answer?.kind === 'stream' && usagesDisagree(answer)))
      return blocked('usage-once: several usages disagree');
    const [now, own] = read.map(({ answer }) => (answer === null ? null : countsOf(answer)));
    if (!now || !own) return blocked('usage-present: no complete usage came');
    if (now.prompt === 0 || own.prompt === 0 || own.completion === 0)
      return blocked('usage-nonzero: something was counted as 0');
    rounds.push({ first: now, own });
  }
  return rounds;
}

/** True where the first of a kind repeats its predecessor's own count, twice running. */
export function isStale(rounds: readonly Round[]): boolean {
  const stale = rounds.map((round, at) => {
    const before = rounds[at - 1];
    return (
      before !== undefined &&
      round.first.prompt === before.own.prompt &&
      round.first.prompt !== round.own.prompt
    );
  });
  return stale.some((one, at) => one && stale[at + 1] === true);
}

/**
 * Whether an API's counts are known to belong to other requests; then no number of this server means anything. It is
 * read off the exchanges, so that it is known before any check is judged.
 */
export function countsAreStale(view: ServerView): boolean {
  return [...view.seen.cases.values()].some((record) => {
    if (record.id.scenario !== 'sequence') return false;
    const rounds = roundsOf(record, view);
    return 'verdict' in rounds ? false : isStale(rounds);
  });
}
