/** Small contexts, contexts not stated, prompts too long. */
import { chat, wordy } from '../conditions.ts';
import type { OddServer } from '../entries.ts';
import type { Context, PlainAnswer } from '../habits.ts';
import { errorBody } from '../plain-answer.ts';

const tooMuch =
  (window: number) =>
  (c: Context): PlainAnswer | undefined => {
    const needed = Math.max(...c.promptTokens);
    if (needed + c.limit <= window) return undefined;
    return {
      status: 400,
      body: errorBody(
        `'max_tokens' is too large: ${c.limit}. This model's maximum context length is ${window} tokens and your request has ${needed} input tokens.`,
        'max_tokens',
      ),
    };
  };
const overlongEvent: PlainAnswer = {
  status: 200,
  headers: { 'content-type': 'text/event-stream' },
  body: `data: ${JSON.stringify({ error: { message: 'the prompt exceeds the context', code: 400, type: 'exceed_context_size_error' } })}\n\n`,
};
export const windows: OddServer[] = [
  {
    name: 'a context of 512 tokens',
    source: 'grow lengths are halved',
    habits: { traits: { contextLength: 512 } },
  },
  {
    name: 'a context of 256 tokens',
    source: 'grow lengths are halved',
    habits: { traits: { contextLength: 256 } },
  },
  {
    name: 'a context of 256 tokens that is not stated',
    source: 'grow lengths are halved',
    habits: { states: 'nothing', traits: { contextLength: 256 } },
  },
  {
    name: 'a context of 512 tokens in meta',
    source: 'llama.cpp meta.n_ctx',
    habits: { states: 'meta', traits: { contextLength: 512 } },
  },
  {
    name: 'refuses limits over the window',
    source: 'vLLM: prompt + max_tokens',
    habits: { traits: { contextLength: 384 }, instead: tooMuch(384) },
  },
  {
    name: 'legacy has a smaller context than chat',
    source: 'grow lengths are halved: what was sent alone is sent together',
    habits: {
      states: 'nothing',
      traits: { contextLength: 2048 },
      instead: (c) => (c.api === 'completions' ? tooMuch(256)(c) : undefined),
    },
  },
  { name: 'the context is not stated', source: 'completion-equals-limit', habits: { states: 'nothing' } },
  // Behind the longest prompt, which in chat has the template besides, there is room for one token: it is made and counted, and the window cut the answer.
  {
    name: 'the window ends one token behind the longest prompt, whatever context is stated',
    source: 'llama.cpp --parallel: a slot has a part of the context; a full window also ends with length',
    habits: { mapLimit: (limit, c) => (chat(c) && wordy(c) ? 1 : limit) },
  },
  { name: 'a long context', source: 'overlong', habits: { traits: { contextLength: 8192 } } },
  {
    name: 'overlong prompts are truncated',
    source: 'Ollama; truncated is legal',
    suite: 'full',
    habits: { onOverlong: () => 'truncate' },
  },
  {
    name: 'overlong prompts are truncated, context not stated',
    source: 'Ollama; truncated is legal',
    suite: 'full',
    habits: { states: 'nothing', onOverlong: () => 'truncate' },
  },
  {
    name: 'a context of 160 tokens, what is longer is truncated',
    source: 'prompt-grows: all fit the context',
    habits: { traits: { contextLength: 160 }, onOverlong: () => 'truncate' },
  },
  {
    name: 'a context of 160 tokens that is not stated, what is longer is truncated',
    source: 'prompt-grows: all fit the context',
    habits: { states: 'nothing', traits: { contextLength: 160 }, onOverlong: () => 'truncate' },
  },
  {
    name: 'overlong prompts get an error event',
    source: 'recovers-after-overlong',
    suite: 'full',
    habits: { onOverlong: (c) => (c.mode === 'stream' ? overlongEvent : undefined) },
  },
  {
    name: 'overlong prompts are a 413',
    source: 'recovers-after-overlong: a 4xx',
    suite: 'full',
    habits: { onOverlong: () => ({ status: 413, body: errorBody('Payload too large') }) },
  },
];
