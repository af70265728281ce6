/** Wrong numbers, which every API can tell. */
import type { Answer } from '../../answer.ts';
import type { OtherBrokenServer } from '../../entries.ts';
import { CONTEXT_LENGTH } from '../../model-list.ts';
import type { OtherHabits } from '../../other-api-server.ts';
import { type OtherApi, speeches } from '../../speeches.ts';
import { completions, plain, prompts, streaming, when } from '../../steps.ts';

/** Each answer with the numbers of the one before it. */
function stale(): OtherHabits {
  let before: Answer | null = null;
  return {
    mapAnswer: (made) => {
      const [last, own] = [before ?? made, made];
      before = own;
      const tokens = last.choices[0]?.tokens ?? 0;
      return {
        promptTokens: last.promptTokens,
        choices: own.choices.map((one) => ({ ...one, tokens })),
      };
    },
  };
}

const APIS = Object.keys(speeches) as OtherApi[];

/** Anew for each API: some remember what they were asked. */
const faults = (): ReadonlyArray<Omit<OtherBrokenServer, 'api'>> => [
  {
    name: 'a warm prompt counts as what is not cached',
    source: 'ollama#2068, C7',
    habits: prompts((tokens, { seenInMode }) => (seenInMode > 0 ? Math.ceil(tokens / 5) : tokens)),
    fails: ['prompt-stable'],
    suite: 'standard',
  },
  {
    name: 'every prompt counts 11',
    source: 'LocalAI#9927, C2',
    habits: prompts(() => 11),
    fails: ['prompt-grows'],
    suite: 'standard',
  },
  {
    name: 'streams count three prompt tokens more',
    source: 'litellm#6488, C9',
    habits: when(
      streaming,
      prompts((tokens) => tokens + 3),
    ),
    fails: ['prompt-matches-nonstream'],
    // Prompts in a list keep their own counts.
    mayAlso: ['list-prompts-counted'],
    suite: 'standard',
  },
  {
    name: 'the prompt counts 0',
    source: 'tt-inference-server#3552, C2',
    habits: prompts(() => 0),
    fails: ['usage-nonzero'],
  },
  {
    name: 'one token too few at the limit',
    source: 'vllm#8625, C6',
    habits: completions((tokens, finish) => (finish === 'length' ? tokens - 1 : tokens)),
    fails: ['completion-equals-limit'],
  },
  {
    name: 'one token too many at the limit',
    source: 'FastChat#3843, C6',
    habits: completions((tokens, finish) => (finish === 'length' ? tokens + 1 : tokens)),
    fails: ['completion-within-limit'],
  },
  {
    name: 'the limit is doubled',
    source: 'C6',
    habits: { mapLimit: (limit) => limit * 2 },
    fails: ['completion-within-limit'],
  },
  {
    name: 'the end token counts in streams only',
    source: 'TabbyAPI#13, C6 C9',
    habits: when(
      streaming,
      completions((tokens, finish, { stops }) => tokens + (finish === 'stop' && stops.length === 0 ? 1 : 0)),
    ),
    fails: ['completion-matches-nonstream'],
    suite: 'standard',
  },
  {
    name: 'an answer that was cut says that it ended by itself',
    source: 'vllm#31836',
    habits: {
      mapAnswer: (made) => ({
        ...made,
        choices: made.choices.map((one) => (one.finish === 'length' ? { ...one, finish: 'stop' } : one)),
      }),
    },
    fails: ['finish-reason-length'],
    // A stop string that was met and the limit look alike then.
    mayAlso: ['stop-named'],
  },
  {
    name: 'nothing but streams is answered with a number',
    source: 'C9',
    habits: when(
      plain,
      prompts(() => Number.NaN),
    ),
    fails: ['nonstream-usage'],
  },
  {
    name: 'the counts of the request before',
    source: 'C7',
    habits: stale(),
    suite: 'standard',
    fails: ['sequence-independent'],
  },
  {
    name: 'a 500 to a prompt over the context',
    source: 'C11',
    habits: {
      instead: ({ promptTokens }) =>
        Math.max(...promptTokens) > CONTEXT_LENGTH ? { status: 500, body: 'out of memory' } : undefined,
    },
    suite: 'full',
    fails: ['recovers-after-overlong'],
  },
  {
    name: 'a wrong content type',
    source: 'K20',
    habits: { headers: { 'content-type': 'text/plain' } },
    fails: [],
    warns: ['sse-framing'],
  },
];

export const otherCounts: OtherBrokenServer[] = APIS.flatMap((api) =>
  faults().map((fault) => ({ ...fault, api, name: `${api}: ${fault.name}` })),
);
