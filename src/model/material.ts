import type { Exchange } from './exchange.ts';
import type { CaseRecord, Material, Twice } from './observations.ts';

const bothOf = ({ first, second }: Twice): readonly Exchange[] => [first, second];

/** All exchanges of a case. */
export function exchangesOf(record: CaseRecord): readonly Exchange[] {
  if (record.state.kind !== 'sent') return [];
  const { material } = record.state;
  const twins = (material.twins ?? []).map(({ exchange }) => exchange);
  return [...twins, ...ownExchangesOf(material)];
}

/** Those without the ones that repeat what other cases sent. */
function ownExchangesOf(material: Material): readonly Exchange[] {
  switch (material.kind) {
    case 'plain':
      return [...material.exchanges, ...(material.compared ?? []).flatMap(bothOf)];
    case 'parallel':
      return material.together.map(({ exchange }) => exchange);
    case 'counted':
      return material.counts.map(({ exchange }) => exchange);
    case 'sequence':
      return material.rounds.flatMap(bothOf);
    case 'follow-up':
      return [material.first, ...material.followUps];
  }
}
