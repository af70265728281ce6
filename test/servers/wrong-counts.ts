/** Servers whose counts are stable, plausible and wrong: only a reference tells, or what the limit forces. */
import { all, ends, limitedTo, when } from './conditions.ts';
import type { Context, Habits, Usage } from './habits.ts';
import { pieces } from './tokenizer.ts';
import { llamaCppEndpoints, vllmEndpoints } from './tokenizer-endpoints.ts';

const counted = (usage: Usage, prompt: number, completion: number): Usage => ({
  ...usage,
  prompt_tokens: prompt,
  completion_tokens: completion,
  total_tokens: prompt + completion,
});
const prompts = (change: (prompt: number, context: Context) => number): Habits => ({
  mapUsage: (usage, context) => counted(usage, change(usage.prompt_tokens, context), usage.completion_tokens),
});
const completions = (change: (completion: number, context: Context) => number): Habits => ({
  mapUsage: (usage, context) => counted(usage, usage.prompt_tokens, change(usage.completion_tokens, context)),
});
const shown = ({ answer }: Context) => answer.choices.map(({ text }) => text.join('')).join('');
/** How many texts the prompt consists of; none where it is token ids. */
const texts = ({ prompts: list, tokenIds }: Context) => (tokenIds ? 0 : list.length);
const visible = ({ prompts: texts, tokenIds }: Context, prompt: number) =>
  tokenIds ? prompt : [...texts.join('')].length;

export interface WronglyCounting {
  readonly name: string;
  readonly product: string;
  readonly habits: Habits;
  readonly check: string;
  readonly verdict: 'fail' | 'warn';
  /** What the message says it looks like. */
  readonly looksLike: RegExp;
  /** Cases in which it can be told; left out: all. */
  readonly only?: RegExp;
}

const llamaCpp = { product: 'llama.cpp', verdict: 'fail' } as const;
const ofPrompts = { ...llamaCpp, check: 'prompt-matches-reference' } as const;
const ofLimits = { ...llamaCpp, check: 'completion-equals-limit' } as const;

/** Words that are one token each, made of two: the text gives fewer tokens than were generated. */
export const inHalves: Habits = {
  mapAnswer: (answer) => ({
    ...answer,
    choices: answer.choices.map((choice) =>
      choice.finish !== 'length'
        ? choice
        : { ...choice, text: choice.text.map((_, at) => (at % 2 === 0 ? ' ab' : 'cd')) },
    ),
  }),
};

export const WRONGLY_COUNTING: readonly WronglyCounting[] = [
  {
    ...ofPrompts,
    name: 'three fewer in each prompt',
    habits: prompts((prompt, context) => prompt - 3 * texts(context)),
    looksLike: /3 fewer in every case: looks like a missing BOS\/template overhead/,
  },
  {
    ...ofPrompts,
    name: 'BOS left out of each prompt',
    habits: prompts((prompt, context) => prompt - texts(context)),
    looksLike: /1 fewer in every case: looks like a missing BOS/,
  },
  {
    ...ofPrompts,
    name: 'the template left out of chats',
    habits: prompts((prompt, { api }) => (api === 'chat' ? prompt - 9 : prompt)),
    looksLike: /9 fewer in every case: looks like a missing BOS\/template overhead/,
  },
  {
    ...ofPrompts,
    name: 'BOS counted twice',
    habits: prompts((prompt, context) => prompt + texts(context)),
    looksLike: /1 more in every case: looks like a BOS counted twice/,
  },
  {
    ...ofPrompts,
    name: 'prompts counted twice over',
    habits: prompts((prompt) => prompt * 2),
    looksLike: /2 times what it should be in every case: looks like a factor/,
  },
  {
    ...ofPrompts,
    name: 'characters of the prompt',
    habits: prompts((prompt, context) => visible(context, prompt)),
    looksLike: /equals the number of characters in every case/,
  },
  {
    ...ofPrompts,
    name: 'a quarter of the characters of the prompt',
    habits: prompts((prompt, context) =>
      context.tokenIds ? prompt : Math.ceil(visible(context, prompt) / 4),
    ),
    looksLike: /equals a quarter of the characters: an estimate, not a count in every case/,
  },
  {
    ...ofLimits,
    name: 'chunks instead of tokens',
    habits: {
      tokensPerChunk: 3,
      ...completions((_, { answer }) =>
        answer.choices.reduce((sum, { text }) => sum + Math.max(1, Math.ceil(text.length / 3)), 0),
      ),
    },
    only: /\/stream\//,
    looksLike: /equals the number of chunks in every case/,
  },
  {
    ...llamaCpp,
    check: 'completion-within-limit',
    name: 'characters of what the limit cut',
    habits: when(
      ends('length'),
      completions((_, context) => shown(context).length),
    ),
    looksLike: /equals the number of characters in every case/,
  },
  {
    ...ofLimits,
    name: 'one token fewer at the limit',
    habits: when(
      ends('length'),
      completions((completion, { answer }) => completion - answer.choices.length),
    ),
    looksLike: /1 fewer in every case: looks like an off-by-one/,
  },
  {
    ...ofLimits,
    name: 'one token for every answer',
    habits: completions(() => 1),
    looksLike: /; is always 1$/,
  },
  {
    ...ofLimits,
    name: 're-tokenised text instead of what was generated',
    habits: {
      ...inHalves,
      ...completions((completion, context) => (context.calls ? completion : pieces(shown(context)).length)),
    },
    looksLike: /re-tokenised text, not what was generated/,
  },
  {
    ...llamaCpp,
    name: 'three tokens more at a natural end, which re-tokenised text alone tells',
    check: 'completion-matches-reference',
    verdict: 'warn',
    habits: when(
      ends('stop'),
      completions((completion, { stops }) => completion + (stops.length > 0 ? 0 : 3)),
    ),
    looksLike: /says \d+ to \d+.*a warning only: the generated text was tokenized again/,
  },
  {
    product: 'vLLM',
    name: 'two tokens fewer than the ids the server returns',
    check: 'completion-matches-reference',
    verdict: 'fail',
    habits: when(
      ends('stop'),
      completions((completion) => Math.max(1, completion - 2)),
    ),
    looksLike: /token ids says/,
  },
  {
    product: 'vLLM',
    name: 'characters of what was generated, at a natural end',
    check: 'completion-matches-reference',
    verdict: 'fail',
    habits: when(
      all(limitedTo(256), ends('stop')),
      completions((_, context) => shown(context).length),
    ),
    // One case alone follows no pattern.
    looksLike: /says \d+ to \d+$/,
  },
];

/** The habits with the endpoints of the product that the server passes for. */
export function withEndpoints({ product, habits }: WronglyCounting): Habits {
  return { ...(product === 'vLLM' ? vllmEndpoints : llamaCppEndpoints), ...habits };
}
