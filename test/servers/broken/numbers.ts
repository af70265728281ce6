/** Usage that came, with counts that are none, or that contradict each other. */
import {
  all,
  chat,
  ends,
  foreign,
  legacy,
  plain,
  several,
  streaming,
  toolCalled,
  toolsSent,
  warm,
  when,
} from '../conditions.ts';
import type { BrokenServer } from '../entries.ts';
import type { Habits, Usage } from '../habits.ts';

const stream = (mapUsage: (usage: Usage) => unknown): Habits =>
  when(streaming, { mapUsage: (usage) => mapUsage(usage) });
const both = (mapUsage: (usage: Usage) => unknown): Habits => ({ mapUsage: (usage) => mapUsage(usage) });
const counts = (prompt: unknown, completion: unknown, total: unknown) => ({
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: total,
});
const zero = both(() => counts(0, 0, 0));
const withPrompt = (usage: Usage, prompt: number) => ({
  ...usage,
  prompt_tokens: prompt,
  total_tokens: prompt + usage.completion_tokens,
});
const withCompletion = (usage: Usage, completion: number) => ({
  ...usage,
  completion_tokens: completion,
  total_tokens: usage.prompt_tokens + completion,
});

const complete: BrokenServer['fails'] = ['usage-complete'];
const integers: BrokenServer['fails'] = ['usage-integers'];
const nonzero: BrokenServer['fails'] = ['usage-nonzero'];
const total: BrokenServer['fails'] = ['usage-total'];

export const partial: BrokenServer[] = [
  { name: 'usage is {}', source: 'C2 partial', fails: complete, habits: stream(() => ({})) },
  {
    name: 'usage lacks total_tokens',
    source: 'FastDeploy#3247, C2',
    fails: complete,
    habits: stream((u) => ({ ...u, total_tokens: undefined })),
  },
  {
    name: 'prompt_tokens null',
    source: 'sglang#10012, C2',
    fails: complete,
    habits: stream((u) => ({ ...u, prompt_tokens: null })),
  },
  {
    name: 'input_tokens and output_tokens instead',
    source: 'llmgateway#2861, C2',
    fails: complete,
    habits: stream((u) => ({
      input_tokens: u.prompt_tokens,
      output_tokens: u.completion_tokens,
      total_tokens: u.total_tokens,
    })),
  },
  {
    name: 'total_tokens alone',
    source: 'C2 partial',
    fails: complete,
    habits: stream((u) => ({ total_tokens: u.total_tokens })),
  },
  {
    name: 'completion_tokens null in legacy streams',
    source: 'C2',
    fails: complete,
    habits: when(
      legacy,
      stream((u) => ({ ...u, completion_tokens: null })),
    ),
  },
  {
    name: 'no completion_tokens when a tool is called',
    source: 'C2',
    fails: complete,
    habits: when(
      toolCalled,
      stream((u) => ({ ...u, completion_tokens: undefined })),
    ),
  },
  { name: 'usage is a word', source: 'C2', fails: complete, habits: stream(() => 'unknown') },
];

export const noIntegers: BrokenServer[] = [
  {
    name: 'counts as strings',
    source: 'C (string counts)',
    fails: integers,
    habits: stream((u) => counts(`${u.prompt_tokens}`, `${u.completion_tokens}`, `${u.total_tokens}`)),
  },
  {
    name: '12.5 completion tokens',
    source: 'C (float counts)',
    fails: integers,
    habits: stream((u) => counts(u.prompt_tokens, 12.5, u.prompt_tokens + 12.5)),
  },
  {
    name: 'minus 35 completion tokens',
    source: 'async-openai#404, C8',
    fails: integers,
    habits: stream((u) => counts(u.prompt_tokens, -35, u.prompt_tokens - 35)),
  },
  {
    name: '2^60 prompt tokens',
    source: 'C8',
    fails: integers,
    habits: stream((u) => counts(2 ** 60, u.completion_tokens, 2 ** 60 + u.completion_tokens)),
  },
  {
    name: 'cached_tokens as a string',
    source: 'C8',
    fails: integers,
    habits: stream((u) => ({ ...u, prompt_tokens_details: { cached_tokens: '0' } })),
  },
  {
    name: 'minus one reasoning token',
    source: 'C8',
    fails: integers,
    habits: stream((u) => ({ ...u, completion_tokens_details: { reasoning_tokens: -1 } })),
  },
  {
    name: 'half a prediction token',
    source: 'C8',
    fails: integers,
    habits: stream((u) => ({ ...u, completion_tokens_details: { accepted_prediction_tokens: 0.5 } })),
  },
  {
    name: 'prompt_tokens true',
    source: 'C',
    fails: integers,
    habits: stream((u) => ({ ...u, prompt_tokens: true })),
  },
  {
    name: 'counts as strings, legacy only',
    source: 'C',
    fails: integers,
    habits: when(
      legacy,
      stream((u) => ({ ...u, total_tokens: `${u.total_tokens}` })),
    ),
  },
  {
    name: 'float completion with tools only',
    source: 'C',
    fails: integers,
    habits: when(
      toolsSent,
      stream((u) => ({
        ...u,
        completion_tokens: u.completion_tokens + 0.25,
        total_tokens: u.total_tokens + 0.25,
      })),
    ),
  },
];

export const zeros: BrokenServer[] = [
  { name: 'all counts zero', source: 'C2', fails: nonzero, habits: when(streaming, zero) },
  {
    name: 'all counts zero with tools',
    source: 'LocalAI#9927, C2',
    fails: nonzero,
    habits: when(toolsSent, zero),
  },
  {
    name: 'prompt zero',
    source: 'tt-inference-server#3552, C2',
    fails: nonzero,
    habits: both((u) => withPrompt(u, 0)),
  },
  {
    name: 'completion zero',
    source: 'mini-sglang#126, C2',
    fails: nonzero,
    habits: both((u) => withCompletion(u, 0)),
  },
  {
    name: 'all counts zero in legacy streams',
    source: 'Ollama legacy, C2',
    fails: nonzero,
    habits: when(all(legacy, streaming), zero),
  },
  {
    name: 'prompt zero for a prompt seen before',
    source: 'Ollama#2068, C7',
    fails: nonzero,
    habits: when(
      warm,
      both((u) => withPrompt(u, 0)),
    ),
  },
  { name: 'all counts zero without streaming', source: 'C2', fails: nonzero, habits: when(plain, zero) },
  {
    name: 'completion zero at a natural end',
    source: 'C2',
    fails: nonzero,
    habits: when(
      ends('stop'),
      both((u) => withCompletion(u, 0)),
    ),
  },
  {
    name: 'completion zero with n 2',
    source: 'C2',
    fails: nonzero,
    habits: when(
      several,
      both((u) => withCompletion(u, 0)),
    ),
  },
  {
    name: 'completion zero when a tool is called',
    source: 'LocalAI#9927, C2',
    fails: nonzero,
    habits: when(
      toolCalled,
      both((u) => withCompletion(u, 0)),
    ),
  },
  {
    name: 'all zero for prompts beyond ASCII',
    source: 'C2',
    fails: nonzero,
    habits: when(all(streaming, foreign), zero),
  },
];

export const sums: BrokenServer[] = [
  {
    name: 'total is the completion',
    source: 'C8',
    fails: total,
    habits: stream((u) => ({ ...u, total_tokens: u.completion_tokens })),
  },
  {
    name: 'total one too many',
    source: 'C8',
    fails: total,
    habits: stream((u) => ({ ...u, total_tokens: u.total_tokens + 1 })),
  },
  {
    name: 'total counts hidden reasoning besides',
    source: 'xAI, vercel/ai#12425, C8',
    fails: total,
    habits: when(
      chat,
      stream((u) => ({ ...u, total_tokens: u.total_tokens + 40 })),
    ),
  },
  {
    name: 'total wrong in legacy streams',
    source: 'functionary v1, C8',
    fails: total,
    habits: when(
      legacy,
      stream((u) => ({ ...u, total_tokens: u.total_tokens - 1 })),
    ),
  },
  {
    name: 'total wrong with tools',
    source: 'functionary, C8',
    fails: total,
    habits: when(
      toolsSent,
      stream((u) => ({ ...u, total_tokens: u.prompt_tokens })),
    ),
  },
  {
    name: 'total wrong at a natural end',
    source: 'C8',
    fails: total,
    habits: when(
      ends('stop'),
      stream((u) => ({ ...u, total_tokens: u.total_tokens + 1 })),
    ),
  },
  {
    name: 'reasoning outside the completion, inside the total',
    source: 'xAI total = p + c + reasoning, C8',
    fails: ['usage-total', 'reasoning-within-completion', 'completion-equals-limit'],
    habits: {
      traits: { reasoningTokens: 6 },
      ...when(all(chat, streaming), {
        mapUsage: (u) => ({
          ...u,
          completion_tokens: u.completion_tokens - u.completion_tokens_details.reasoning_tokens,
        }),
      }),
    },
  },
];

export const nonstream: BrokenServer[] = [
  {
    name: 'no usage without streaming',
    source: 'C9',
    fails: ['nonstream-usage'],
    habits: when(
      plain,
      both(() => undefined),
    ),
  },
  {
    name: 'usage null without streaming',
    source: 'TabbyAPI, C9',
    fails: ['nonstream-usage'],
    habits: when(
      plain,
      both(() => null),
    ),
  },
  {
    name: 'usage without total, not streaming',
    source: 'FastDeploy#3247',
    fails: ['nonstream-usage'],
    habits: when(
      plain,
      both((u) => ({ ...u, total_tokens: undefined })),
    ),
  },
  {
    name: 'string counts, not streaming',
    source: 'C',
    fails: ['nonstream-usage'],
    habits: when(
      plain,
      both((u) => counts(`${u.prompt_tokens}`, u.completion_tokens, u.total_tokens)),
    ),
  },
  {
    name: 'total does not add up, not streaming',
    source: 'C8',
    fails: ['nonstream-usage'],
    habits: when(
      plain,
      both((u) => ({ ...u, total_tokens: u.total_tokens + 5 })),
    ),
  },
  {
    name: 'usage {} in legacy answers',
    source: 'C2',
    fails: ['nonstream-usage'],
    habits: when(
      all(plain, legacy),
      both(() => ({})),
    ),
  },
  {
    name: 'no usage with tools, not streaming',
    source: 'C2',
    fails: ['nonstream-usage'],
    habits: when(
      all(plain, toolsSent),
      both(() => undefined),
    ),
  },
  {
    name: 'negative completion, not streaming',
    source: 'async-openai#404',
    fails: ['nonstream-usage'],
    habits: when(
      plain,
      both((u) => withCompletion(u, -3)),
    ),
  },
];
