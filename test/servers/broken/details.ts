/** Details of a count that are larger than the count, or empty. */
import { all, chat, legacy, plain, streaming, warm, when } from '../conditions.ts';
import type { BrokenServer } from '../entries.ts';
import type { Habits, Usage } from '../habits.ts';

const details = (cached: (prompt: number) => number, reasoning: (completion: number) => number): Habits => ({
  mapUsage: (usage) => ({
    ...usage,
    prompt_tokens_details: { cached_tokens: cached(usage.prompt_tokens) },
    completion_tokens_details: { reasoning_tokens: reasoning(usage.completion_tokens) },
  }),
});
const none = () => 0;
export const parts: BrokenServer[] = [
  {
    name: 'more cached than prompt',
    source: 'gateway#1458, C8',
    fails: ['cached-within-prompt'],
    habits: details((p) => p + 5, none),
  },
  {
    name: 'more cached than prompt when warm, legacy',
    source: 'opencode#26073, C8',
    fails: ['cached-within-prompt'],
    habits: when(
      all(legacy, warm),
      details((p) => p + 1, none),
    ),
  },
  {
    name: 'more cached than prompt, not streaming',
    source: 'C8',
    fails: ['cached-within-prompt'],
    habits: when(
      plain,
      details(() => 9999, none),
    ),
  },
  {
    name: 'more reasoning than completion',
    source: 'sglang#39826, C8',
    fails: ['reasoning-within-completion'],
    habits: details(none, (c) => c + 10),
  },
  {
    name: 'more reasoning than completion in chat streams',
    source: 'vercel/ai#18614, C8',
    fails: ['reasoning-within-completion'],
    habits: when(
      all(chat, streaming),
      details(none, (c) => c + 1),
    ),
  },
  {
    name: 'reasoning counted twice in the details',
    source: 'Kong#14816, C8',
    fails: ['reasoning-within-completion'],
    habits: {
      traits: { reasoningTokens: 7 },
      ...when(chat, {
        mapUsage: (u) => ({
          ...u,
          completion_tokens_details: {
            reasoning_tokens: 2 * u.completion_tokens_details.reasoning_tokens + 4,
          },
        }),
      }),
    },
  },
  {
    name: 'reasoning delivered, reasoning_tokens 0',
    source: 'sglang#15562, C2',
    fails: [],
    warns: ['reasoning-counted'],
    habits: { traits: { reasoningTokens: 5 }, ...when(chat, details(none, none)) },
  },
];

const changedDetails = (change: (usage: Usage) => object): Habits => ({
  mapUsage: (usage) => ({ ...usage, ...change(usage) }),
});

export const oneSided: BrokenServer[] = [
  {
    name: 'details of the completion are null in streams',
    source: 'litellm#41071',
    habits: {
      traits: { reasoningTokens: 5 },
      ...when(
        streaming,
        changedDetails(() => ({ completion_tokens_details: null })),
      ),
    },
  },
  {
    name: 'cached tokens in streams only',
    source: 'details-match-nonstream',
    habits: when(
      plain,
      changedDetails(() => ({ prompt_tokens_details: null })),
    ),
  },
  {
    name: 'a detail that is no count, not in streams',
    source: 'details-match-nonstream: a key of the details, values are free',
    habits: when(
      plain,
      changedDetails(({ prompt_tokens_details: details }) => ({
        prompt_tokens_details: { ...details, tier: 'flex' },
      })),
    ),
  },
  {
    name: 'reasoning tokens not in streams, though both modes reason',
    source: 'd-inference#304, Rapid-MLX#454',
    habits: {
      traits: { reasoningTokens: 5 },
      ...when(
        all(chat, streaming),
        changedDetails(() => ({ completion_tokens_details: {} })),
      ),
    },
  },
  {
    name: 'warm streams have no details',
    source: 'details-match-nonstream: cold and warm',
    habits: when(
      all(streaming, warm),
      changedDetails(() => ({ prompt_tokens_details: undefined })),
    ),
  },
].map((server) => ({
  ...server,
  suite: 'standard' as const,
  fails: [],
  warns: ['details-match-nonstream'],
}));
