/** Completion counts that are wrong, limits that are not kept, details larger than the whole. */
import {
  all,
  byNewLimit,
  ends,
  foreign,
  jsonMode,
  legacy,
  limitedTo,
  not,
  plain,
  streaming,
  toolCalled,
  toolsSent,
  warm,
  when,
  withLogprobs,
  withStop,
  wordy,
} from '../conditions.ts';
import type { BrokenServer } from '../entries.ts';
import type { Context, Habits, Usage } from '../habits.ts';
import { errorBody } from '../plain-answer.ts';

/** Reports this for each choice instead of its tokens, and sums that add up. */
export const completion = (count: (tokens: number, context: Context) => number): Habits => ({
  mapUsage: (usage, c) => {
    const made = c.answer.choices.reduce((sum, choice) => sum + count(choice.tokens, c), 0);
    return { ...usage, completion_tokens: made, total_tokens: usage.prompt_tokens + made };
  },
});
const less = completion((tokens) => tokens - 1);
const more = completion((tokens) => tokens + 1);
const leastValue = (least: number) =>
  errorBody(`max_tokens must be greater than or equal to ${least}`, 'max_tokens');
const cutShort = ends('length');

export const matching: BrokenServer[] = [
  {
    name: 'the end token counts in streams only',
    source: 'TabbyAPI#13, C6 C9',
    habits: when(all(streaming, ends('stop')), more),
  },
  {
    name: 'double at a natural end without streaming',
    source: 'C9',
    habits: when(
      all(plain, ends('stop'), not(withStop)),
      completion((tokens) => tokens * 2),
    ),
  },
  {
    name: 'one token for a called tool in streams',
    source: 'llama-cpp-python chatml-function-calling, C9',
    habits: when(
      all(streaming, toolCalled),
      completion(() => 1),
    ),
  },
  {
    name: 'the stop string counts in streams only',
    source: 'C9',
    habits: when(all(streaming, withStop, ends('stop')), more),
  },
  {
    name: 'one less at a stop in legacy streams',
    source: 'new-api#6212, C9',
    habits: when(
      all(streaming, legacy, ends('stop')),
      completion((tokens) => Math.max(1, tokens - 1)),
    ),
  },
  { name: 'JSON counted apart in streams', source: 'C9', habits: when(all(streaming, jsonMode), more) },
].map((server) => ({ ...server, fails: ['completion-matches-nonstream'] }));

export const equal: BrokenServer[] = [
  { name: 'i instead of i + 1', source: 'FastChat#3843, C6', habits: when(cutShort, less) },
  {
    name: 'chunks counted, two tokens each',
    source: 'sglang#10501, C6',
    habits: {
      tokensPerChunk: 2,
      ...when(
        all(streaming, cutShort),
        completion((tokens) => Math.ceil(tokens / 2)),
      ),
    },
  },
  {
    name: 'i instead of i + 1, and limits under 16 are refused',
    source: 'FastChat#3843, C6; OpenAI Responses: integer below minimum value',
    habits: {
      ...when(cutShort, less),
      instead: (c: Context) => (c.limit < 16 ? { status: 400, body: leastValue(16) } : undefined),
    },
  },
  { name: 'completion is always 1', source: 'C2', habits: completion(() => 1) },
  {
    name: 'signs beyond ASCII counted together',
    source: 'textgen re-encodes, C6',
    habits: when(
      all(foreign, cutShort),
      completion((tokens) => tokens - 2),
    ),
  },
  { name: 'one less at the limit, legacy only', source: 'C6', habits: when(all(legacy, cutShort), less) },
  { name: 'one less at the limit, not streaming', source: 'C6', habits: when(all(plain, cutShort), less) },
  { name: 'one less at the limit by max_completion_tokens', source: 'C6', habits: when(byNewLimit, less) },
  { name: 'one less at the limit for a warm prompt', source: 'C6', habits: when(all(warm, cutShort), less) },
  { name: 'one less at the limit for long prompts', source: 'C6', habits: when(all(wordy, cutShort), less) },
  { name: 'one less with tools offered', source: 'C6', habits: when(all(toolsSent, not(toolCalled)), less) },
  {
    name: 'one less with log probabilities',
    source: 'C6',
    suite: 'full' as const,
    habits: when(withLogprobs, less),
  },
  {
    name: 'one less, and the context is not stated',
    source: 'C6',
    habits: { states: 'nothing' as const, ...when(cutShort, less) },
  },
  {
    name: 'one less at a limit of 8, context in meta',
    source: 'C6',
    habits: { states: 'meta' as const, ...when(all(streaming, limitedTo(8)), less) },
  },
].map((server) => ({ ...server, fails: ['completion-equals-limit'] }));

const overrun: Habits = { mapLimit: (limit) => (limit <= 64 ? limit + 5 : limit) };

export const within: BrokenServer[] = [
  {
    name: 'max_tokens plus five',
    source: 'llama-cpp-python overshoot, C6',
    habits: when(not(byNewLimit), overrun),
  },
  {
    name: 'the prompt counts as completion',
    source: 'vllm-omni#2313, C6',
    habits: {
      mapUsage: (usage: Usage, c: Context) => {
        const made = usage.completion_tokens + usage.prompt_tokens * c.n;
        return { ...usage, completion_tokens: made, total_tokens: usage.prompt_tokens + made };
      },
    },
  },
  {
    name: 'one more at the limit in streams',
    source: 'TabbyAPI#13, C6',
    habits: when(all(streaming, cutShort), more),
  },
  { name: 'one more at the limit in legacy', source: 'C6', habits: when(all(legacy, cutShort), more) },
  {
    name: 'double at the limit, not streaming',
    source: 'vllm#8625, C6',
    habits: when(
      all(plain, cutShort),
      completion((tokens) => tokens * 2),
    ),
  },
  {
    name: 'max_tokens ignored in streams',
    source: 'C6',
    habits: when(all(streaming, not(byNewLimit)), { mapLimit: (limit) => (limit <= 64 ? 90 : limit) }),
  },
].map((server) => ({ ...server, fails: ['completion-within-limit'] }));

export const newLimit: BrokenServer = {
  name: 'max_completion_tokens ignored',
  source: 'mlx-lm and transformers captures (maxcompl5), C6',
  fails: [],
  warns: ['completion-within-limit'],
  warnsAtMost: true,
  habits: when(byNewLimit, { mapLimit: () => 48 }),
};
