/** Count endpoints that do not count what answers do. */
import type { OtherBrokenServer } from '../../entries.ts';

const faults: ReadonlyArray<Omit<OtherBrokenServer, 'api'>> = [
  {
    name: 'the count endpoint counts with another tokenizer',
    source: 'count-matches-usage: LiteLLM in front of Ollama, 25 for 71',
    habits: { count: (tokens) => Math.ceil(tokens / 3) },
    fails: [],
    warns: ['count-matches-usage'],
    suite: 'standard',
  },
  {
    name: 'the count endpoint leaves tools out',
    source: 'count-matches-usage',
    habits: { count: (tokens, { tools }) => (tools.length > 0 ? tokens - 20 : tokens) },
    fails: [],
    warns: ['count-matches-usage'],
    suite: 'standard',
  },
  {
    name: 'the count endpoint answers without a count',
    source: 'count-matches-usage',
    habits: { count: () => ({ status: 200, body: '{"tokens":[1,2,3]}' }) },
    fails: [],
    warns: ['count-matches-usage'],
    suite: 'standard',
  },
];

export const countEndpoint: OtherBrokenServer[] = (['responses', 'messages'] as const).flatMap((api) =>
  faults.map((fault) => ({ ...fault, name: `${api}: ${fault.name}`, api })),
);
