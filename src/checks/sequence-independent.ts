import { type Counts, countsOf, type StreamAnswer, usagesDisagree } from '../model/answer.ts';
import { blocked, broken, type Finding, inapplicable, pass, unjudged } from '../model/finding.ts';
import type { CaseRecord } from '../model/observations.ts';
import { relationCheck } from './support/define-check.ts';
import { keyOf, type ServerView } from './support/server-view.ts';

interface Round {
  readonly first: Counts;
  readonly own: Counts;
}

/** Counts of each request's first and second sending; a Finding where that can't be had. */
function roundsOf(record: CaseRecord, view: ServerView): readonly Round[] | Finding {
  if (record.state.kind !== 'sent' || record.state.material.kind !== 'sequence')
    return inapplicable('not sent');
  const rounds: Round[] = [];
  for (const { first, second } of record.state.material.rounds) {
    const read = [first, second].map((exchange) => view.read(exchange, record.id));
    for (const { outcome } of read) {
      if (outcome.kind === 'unjudged') return unjudged(outcome.reason);
      if (outcome.kind === 'refused') return inapplicable(`refused: ${outcome.reason}`);
      if (outcome.kind === 'failed') return blocked(`request-answered: ${outcome.observed}`);
    }
    if (read.some(({ answer }) => answer?.kind === 'stream' && usagesDisagree(answer.stream)))
      return blocked('usage-once: several usages disagree');
    const counts = read.map(({ answer }) => (answer === null ? null : countsOf(answer)));
    const [now, own] = counts;
    if (!now || !own) return blocked('usage-present: no complete usage came');
    if (now.prompt === 0 || own.prompt === 0) return blocked('usage-nonzero: a prompt was counted as 0');
    rounds.push({ first: now, own });
  }
  return rounds;
}

/** True where counts arrive one request late: the first of a kind repeats its predecessor's own count, twice running. */
function isStale(rounds: readonly Round[]): boolean {
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

/** Whether an API's counts are known to belong to other requests; then no number of this server means anything. */
export function countsAreStale(view: ServerView): boolean {
  return [...view.seen.cases.values()].some((record) => {
    if (record.id.scenario !== 'sequence') return false;
    const rounds = roundsOf(record, view);
    return 'verdict' in rounds ? false : isStale(rounds);
  });
}

export default relationCheck({
  id: 'sequence-independent',
  needs: ['usage-nonzero'],
  scenarios: ['sequence'],
  instances: (api, view) => {
    const filedAt = keyOf(api, 'stream', 'sequence');
    return [
      {
        filedAt,
        compares: [],
        judge() {
          const record = view.seen.cases.get(filedAt);
          if (record === undefined) return undefined;
          const ids = streamIds(record, view);
          if (ids.length >= 4 && new Set(ids).size === 1) {
            return broken({
              expected: 'an id of its own for each stream',
              observed: `same-id: ${ids.length} streams have the id ${JSON.stringify(ids[0])}`,
            });
          }
          const rounds = roundsOf(record, view);
          if ('verdict' in rounds) return rounds;
          if (!isStale(rounds)) return pass();
          const shown = rounds.map(
            ({ first, own }) => `${first.prompt}/${first.completion} then ${own.prompt}/${own.completion}`,
          );
          return broken({
            expected: 'the same count for the same request, whatever came before it',
            observed: `stale: a request reports what the one before it used (${shown.join(', ')})`,
          });
        },
      },
    ];
  },
});

/** Ids of the streams that came. */
function streamIds(record: CaseRecord, view: ServerView): readonly string[] {
  if (record.state.kind !== 'sent' || record.state.material.kind !== 'sequence') return [];
  return record.state.material.rounds
    .flatMap(({ first, second }) => [first, second])
    .map((exchange) => view.read(exchange, record.id).answer)
    .filter((answer): answer is StreamAnswer => answer?.kind === 'stream')
    .map((answer) => answer.stream.firstEnvelope?.id)
    .filter((id): id is string => typeof id === 'string');
}
