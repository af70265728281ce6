/** Count endpoints that are not there, or cannot count everything. */
import type { OtherOddServer } from '../../entries.ts';

const habits: ReadonlyArray<Omit<OtherOddServer, 'api'>> = [
  {
    name: 'no count endpoint',
    source: 'vLLM, Ollama: 404 or 405',
    habits: { count: null },
    suite: 'standard',
  },
  {
    name: 'the count endpoint refuses tools',
    source: 'anything but a 2xx is no fault',
    habits: {
      count: (tokens, { tools }) =>
        tools.length > 0 ? { status: 400, body: '{"error":{"message":"tools are not counted"}}' } : tokens,
    },
    suite: 'standard',
  },
  {
    name: 'the count endpoint wants a key of its own',
    source: 'a 401 there is about that endpoint alone',
    habits: { count: () => ({ status: 401, body: '{"error":{"message":"no key"}}' }) },
    suite: 'standard',
  },
];

export const countEndpoint: OtherOddServer[] = (['responses', 'messages'] as const).flatMap((api) =>
  habits.map((habit) => ({ ...habit, name: `${api}: ${habit.name}`, api })),
);
