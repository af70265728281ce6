import type { Exchange } from './exchange.ts';
import type { CaseRecord, Twice } from './observations.ts';

const bothOf = ({ first, second }: Twice): readonly Exchange[] => [first, second];

/** All exchanges of a case, in order. */
export function exchangesOf(record: CaseRecord): readonly Exchange[] {
  if (record.state.kind !== 'sent') return [];
  const { material } = record.state;
  switch (material.kind) {
    case 'plain':
      return [...material.exchanges, ...(material.compared ?? []).flatMap(bothOf)];
    case 'parallel':
      return material.together.map(({ exchange }) => exchange);
    case 'sequence':
      return material.rounds.flatMap(bothOf);
    case 'follow-up':
      return [material.first, ...material.followUps];
  }
}
