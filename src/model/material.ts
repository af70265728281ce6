import type { Exchange } from './exchange.ts';
import type { CaseRecord } from './observations.ts';

/** All exchanges of a case, in order. */
export function exchangesOf(record: CaseRecord): readonly Exchange[] {
  if (record.state.kind !== 'sent') return [];
  const { material } = record.state;
  switch (material.kind) {
    case 'plain':
      return material.exchanges;
    case 'parallel':
      return material.together.map(({ exchange }) => exchange);
    case 'counted':
      return material.counts.map(({ exchange }) => exchange);
    case 'sequence':
      return material.rounds.flatMap(({ first, second }) => [first, second]);
    case 'follow-up':
      return [material.first, ...material.followUps];
  }
}
