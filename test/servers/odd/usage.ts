/** True counts, counted or dressed differently. */

import { prompt } from '../broken/prompts.ts';
import { jsonMode, toolsSent, when } from '../conditions.ts';
import type { OddServer } from '../entries.ts';
import type { Habits, Usage } from '../habits.ts';

const dressed = (fields: (usage: Usage) => object): Habits => ({
  mapUsage: (usage) => ({ ...usage, ...fields(usage) }),
});
const hidden = (tokens: number): Habits => ({
  mapUsage: (usage) => ({
    ...usage,
    prompt_tokens: usage.prompt_tokens + tokens,
    total_tokens: usage.total_tokens + tokens,
  }),
});

export const usage: OddServer[] = [
  {
    name: 'details null',
    source: 'never a fail: null details',
    habits: dressed(() => ({ prompt_tokens_details: null, completion_tokens_details: null })),
  },
  {
    name: 'counts in details null',
    source: 'LiteLLM capture: audio_tokens null',
    habits: dressed(() => ({ prompt_tokens_details: { cached_tokens: null, audio_tokens: null } })),
  },
  {
    name: 'no details',
    source: 'A10: presence MAY',
    habits: {
      mapUsage: ({ prompt_tokens, completion_tokens, total_tokens }) => ({
        prompt_tokens,
        completion_tokens,
        total_tokens,
      }),
    },
  },
  {
    name: 'float extras inside the usage',
    source: 'OpenRouter cost, TabbyAPI floats',
    habits: dressed(() => ({
      cost: 0.0003,
      prompt_time: 0.25,
      completion_tokens_per_sec: 41.7,
      is_byok: false,
      throughput: { output_tokens: 41.7 },
    })),
  },
  { name: 'cached tokens grow', source: 'llama.cpp cached_tokens', habits: { caches: true } },
  {
    name: 'zero details of every kind',
    source: 'OpenAI',
    habits: dressed(() => ({
      completion_tokens_details: {
        reasoning_tokens: 0,
        audio_tokens: 0,
        accepted_prediction_tokens: 0,
        rejected_prediction_tokens: 0,
      },
    })),
  },
  { name: 'the end token counts', source: 'llama.cpp, EOS counted', habits: { traits: { countsEnd: true } } },
  {
    name: 'withheld stop strings count',
    source: 'llama.cpp, llama-cpp-python',
    habits: { traits: { countsWithheldStop: true } },
  },
  {
    name: 'JSON mode adds a hidden prompt',
    source: 'servers.md: hundreds of tokens',
    habits: when(jsonMode, hidden(287)),
  },
  { name: 'tools add a hidden prompt', source: 'servers.md', habits: when(toolsSent, hidden(346)) },
  {
    name: 'a reasoning model, reasoning counted inside',
    source: 'A9',
    habits: { traits: { reasoningTokens: 5 } },
  },
  {
    name: 'a reasoning model that thinks longer than the limit',
    source: 'A9',
    habits: { traits: { reasoningTokens: 30 } },
  },
  {
    name: 'a reasoning model that says nothing of it',
    source: 'details absent = unknown',
    habits: { traits: { reasoningTokens: 4 }, ...dressed(() => ({ completion_tokens_details: undefined })) },
  },
  {
    name: 'two more tokens on every prompt',
    source: 'BOS, servers.md',
    habits: prompt((tokens) => tokens + 2),
  },
  {
    name: 'answers to questions are empty',
    source: 'A: completion 0 where nothing came',
    habits: { traits: { mute: true } },
  },
  {
    name: 'answers to questions are empty, end counted',
    source: 'EOS counted',
    habits: { traits: { mute: true, countsEnd: true } },
  },
  {
    name: 'ends after five tokens',
    source: 'never a fail: an early natural end',
    habits: { traits: { endsAfter: 5 } },
  },
  {
    name: 'text differs from call to call',
    source: 'never a fail: text that differs',
    habits: { traits: { moody: true } },
  },
  {
    name: 'text differs, and ends count',
    source: 'never a fail',
    habits: { traits: { moody: true, countsEnd: true } },
  },
];
