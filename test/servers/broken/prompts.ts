/** Prompt counts that are wrong by themselves. */
import { all, foreign, jsonMode, legacy, plain, streaming, toolsSent, warm, when } from '../conditions.ts';
import type { BrokenServer } from '../entries.ts';
import type { Context, Habits, Usage } from '../habits.ts';

/** Reports this for each prompt instead of its count, and sums that add up. */
export const prompt = (count: (tokens: number, context: Context) => number): Habits => ({
  mapUsage: (usage, c) => {
    const made = c.promptTokens.reduce((sum, tokens) => sum + count(tokens, c), 0);
    return { ...usage, prompt_tokens: made, total_tokens: made + usage.completion_tokens };
  },
});
const half = prompt((tokens) => Math.ceil(tokens / 2));
const constant = prompt(() => 100);

export const stable: BrokenServer[] = [
  { name: 'half the prompt when it is warm', source: 'Ollama#3427, C7', habits: when(warm, half) },
  {
    name: 'one more when the same prompt comes again',
    source: 'C7',
    habits: when(
      (c) => c.mode === 'stream' && c.seenInMode > 0,
      prompt((tokens) => tokens + 1),
    ),
  },
  {
    name: 'half the prompt when it is warm, not streaming',
    source: 'C7',
    habits: when((c) => c.mode === 'nonstream' && c.seenInMode > 0, half),
  },
  {
    name: 'half the prompt when it is warm, legacy only',
    source: 'C7',
    habits: when(all(legacy, warm), half),
  },
].map((server) => ({ ...server, fails: ['prompt-stable'] }));

export const excludesCached: BrokenServer = {
  name: 'only what is not cached counts',
  source: 'Ollama#5370, pi#2048, C7',
  fails: ['prompt-stable'],
  mayAlso: ['prompt-grows'],
  habits: when(
    warm,
    prompt(() => 1),
  ),
};

export const grows: BrokenServer[] = [
  { name: 'prompt is always 100', source: 'koboldcpp 100/100/200, C2', habits: constant },
  {
    name: 'prompt is always more than the context holds',
    source: 'C7',
    suite: 'standard' as const,
    habits: prompt(() => 5000),
  },
  {
    name: 'prompt is always 1, for lists, too',
    source: 'a relation check compares with nothing found wrong',
    habits: {
      states: 'nothing' as const,
      mapUsage: (usage: Usage) => ({ ...usage, prompt_tokens: 1, total_tokens: 1 + usage.completion_tokens }),
    },
  },
  { name: 'prompt counted up to 20', source: 'C7', habits: prompt((tokens) => Math.min(tokens, 20)) },
  { name: 'longer prompts count less', source: 'C7', habits: prompt((tokens) => 1500 - tokens) },
  {
    name: 'prompt is always 1 in legacy',
    source: 'llama.cpp#5863, C7',
    habits: when(
      legacy,
      prompt(() => 1),
    ),
  },
].map((server) => ({ ...server, fails: ['prompt-grows'] }));

export const constantWhenPlain: BrokenServer = {
  name: 'prompt is always 100, not streaming',
  source: 'koboldcpp 100/100/200, C2',
  fails: ['prompt-grows'],
  mayAlso: ['prompt-matches-nonstream'],
  habits: when(plain, constant),
};

export const modes: BrokenServer[] = [
  {
    name: 'three more prompt tokens in streams',
    source: 'litellm#6488, C9',
    habits: when(
      streaming,
      prompt((tokens) => tokens + 3),
    ),
  },
  {
    name: 'template counted only without streaming, legacy',
    source: 'C9',
    habits: when(
      all(streaming, legacy),
      prompt((tokens) => tokens + 1),
    ),
  },
  {
    name: 'tools are not counted in streams',
    source: 'litellm#36114, C9',
    habits: when(
      all(streaming, toolsSent),
      prompt((tokens) => Math.ceil(tokens / 2)),
    ),
  },
  {
    name: 'JSON prompt counted in streams only',
    source: 'litellm#40253, C9',
    habits: when(
      all(streaming, jsonMode),
      prompt((tokens) => tokens + 150),
    ),
  },
  {
    name: 'bytes counted beyond ASCII in streams',
    source: 'C7 C9',
    habits: when(
      all(streaming, foreign),
      prompt((tokens) => tokens + 7),
    ),
  },
  {
    name: 'a gateway estimates the prompt of streams',
    source: 'LiteLLM 17 and 13, litellm#34351, C9',
    habits: when(
      streaming,
      prompt((tokens) => Math.ceil(tokens * 1.3)),
    ),
  },
].map((server) => ({ ...server, fails: ['prompt-matches-nonstream'] }));
