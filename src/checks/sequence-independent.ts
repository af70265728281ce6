import { hasErred, type StreamAnswer } from '../model/answer.ts';
import { blocked, broken, pass } from '../model/finding.ts';
import type { CaseRecord } from '../model/observations.ts';
import { relationCheck, STREAM } from './support/define-check.ts';
import { keyOf, type ServerView } from './support/server-view.ts';
import { isStale, roundsOf } from './support/stale-counts.ts';

export default relationCheck({
  id: 'sequence-independent',
  classes: ['same-id', 'stale'],
  modes: STREAM,
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
          const streams = streamsOf(record, view);
          if (streams.some(hasErred)) return blocked('error-ends-stream: a stream ended in an error');
          const ids = streams
            .map(({ stream }) => stream.firstEnvelope?.id)
            .filter((id): id is string => typeof id === 'string');
          if (ids.length >= 4 && new Set(ids).size === 1) {
            return broken({
              class: 'same-id',
              expected: 'an id of its own for each stream',
              detail: `${ids.length} streams have the id ${JSON.stringify(ids[0])}`,
            });
          }
          const rounds = roundsOf(record, view);
          if ('verdict' in rounds) return rounds;
          if (!isStale(rounds)) return pass();
          const shown = rounds.map(
            ({ first, own }) => `${first.prompt}/${first.completion} then ${own.prompt}/${own.completion}`,
          );
          return broken({
            class: 'stale',
            expected: 'the same count for the same request, whatever came before it',
            detail: `a request reports what the one before it used (${shown.join(', ')})`,
          });
        },
      },
    ];
  },
});

function streamsOf(record: CaseRecord, view: ServerView): readonly StreamAnswer[] {
  if (record.state.kind !== 'sent' || record.state.material.kind !== 'sequence') return [];
  return record.state.material.rounds
    .flatMap(({ first, second }) => [first, second])
    .map((exchange) => view.read(exchange, record.id).answer)
    .filter((answer): answer is StreamAnswer => answer?.kind === 'stream');
}
