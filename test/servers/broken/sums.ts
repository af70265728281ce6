/** Counts that are zero though something came, or do not add up. */
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
import { both, stream, withCompletion, withPrompt, zero } from './recounted.ts';

const nonzero: BrokenServer['fails'] = ['usage-nonzero'];
const total: BrokenServer['fails'] = ['usage-total'];

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
