import { describe, expect, it } from 'vitest';
import { contextOfRefusal, listedContext } from '../../src/products/context.ts';
import { llamaCpp } from '../../src/products/llama-cpp.ts';
import { ollama } from '../../src/products/ollama.ts';
import { recordedAnswer, recordedEvidence } from './recorded.ts';

/** Looks at these answers instead of a server. */
const looking = (answers: Record<string, unknown>) => async (path: string) => ({
  status: 200,
  headers: {},
  json: answers[path],
  text: '',
});

describe('the context that recorded servers state', () => {
  it.each([
    ['llama-cpp-python-0.2.84', null],
    ['xllamacpp-0.2.7', null],
    ['vllm-0.32.0', 512],
    ['ollama-0.17.4', null],
    ['portkey-1.15.2', 512],
    ['litellm-1.106.2', null],
  ])('in the model list: %s: %s', (server, context) => {
    expect(listedContext(recordedEvidence(server).model)).toBe(context);
  });

  it.each([
    ['xllamacpp-0.2.7', ['props', 'slots'], 512],
    ['xllamacpp-0.2.7', ['props'], 512],
    ['xllamacpp-0.2.7', ['slots'], 512],
    ['xllamacpp-2026.10.11549', ['props', 'slots'], 512],
    ['xllamacpp-2026.10.11549', [], null],
  ])('at endpoints of llama.cpp: %s, %j: %s', async (server, names, context) => {
    const answers = names.map((name) => [`/${name}`, recordedAnswer(server, name)?.json]);
    expect(await llamaCpp.context?.(looking(Object.fromEntries(answers)), null)).toBe(context);
  });

  it.each([
    ['tiny', 512],
    ['tiny:latest', 512],
    ['another', null],
    [null, null],
  ])('of the loaded model at /api/ps of Ollama: %s: %s', async (model, context) => {
    const look = looking({ '/api/ps': recordedAnswer('ollama-0.17.4', 'api-ps')?.json });
    expect(await ollama.context?.(look, model)).toBe(context);
  });

  it('the smallest counts, n_ctx_train never does', async () => {
    expect(listedContext({ max_model_len: 4096, context_length: 8192 })).toBe(4096);
    expect(listedContext({ n_ctx_train: 512, meta: { n_ctx_train: 256 } })).toBeNull();
    const props = { n_ctx: 1, default_generation_settings: { n_ctx: 4096 } };
    expect(
      await llamaCpp.context?.(looking({ '/props': props, '/slots': [{ n_ctx: 2048 }, {}] }), null),
    ).toBe(2048);
    expect(await llamaCpp.context?.(looking({ '/props': { n_ctx: 1 } }), null)).toBeNull();
    expect(await llamaCpp.context?.(async () => null, null)).toBeNull();
  });

  it.each([0, -1, 12.5, '512', null, Number.NaN, 2 ** 60])('%s is not a context', (max_model_len) => {
    expect(listedContext({ max_model_len })).toBeNull();
  });
});

describe('the context in the words of a refusal', () => {
  it.each([
    ['llama-cpp-python-0.2.84', 2048],
    ['llama-cpp-python-0.3.36', null],
    ['xllamacpp-0.2.7', 512],
    ['xllamacpp-2026.10.11549', 512],
    ['vllm-0.32.0', 512],
    ['litellm-1.106.2', 512],
    ['portkey-1.15.2', 512],
    ['mlx-lm-0.32.2', null],
  ])('recorded: %s: %s', (server, context) => {
    const answer = recordedAnswer(server, 'overlong');
    expect(answer).not.toBeNull();
    expect(contextOfRefusal(answer?.text ?? '')).toBe(context);
  });

  it.each([
    ["The input (9015 tokens) is longer than the model's context length (2048 tokens).", 2048],
    [
      "Requested token count exceeds the model's maximum context length of 4096 tokens. You requested a total of 5000 tokens",
      4096,
    ],
    [
      "You passed 1015 input tokens and requested 10 output tokens. However, the model's context length is only 1024 tokens, resulting in a maximum input length of 1014 tokens.",
      1024,
    ],
    ['Requested tokens (9014) exceed context window of 2048', 2048],
    ['The decoder prompt (length 9015) is longer than the maximum model length of 8192.', 8192],
    [
      'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 2048. Given: 1218 `inputs` tokens and 1500 `max_new_tokens`',
      2048,
    ],
    ['the model is loaded with context length of only 4096 tokens', 4096],
    ["This model's maximum context length is 128,000 tokens.", 128000],
  ])('%s', (message, context) => {
    expect(contextOfRefusal(message)).toBe(context);
    expect(contextOfRefusal(JSON.stringify({ error: { message } }).replaceAll("'", '\\u0027'))).toBe(context);
  });

  it.each([
    'You requested 9015 tokens, which is too much.',
    'Your context length is 9015 tokens.',
    'the request exceeds the available context size, try increasing it',
    'input length exceeds the context length',
    "This model's maximum context length is 512 tokens, or: maximum context length is 1024 tokens",
    "This model's maximum context length is 0 tokens.",
    '',
  ])('names none, or more than one: %s', (message) => {
    expect(contextOfRefusal(message)).toBeNull();
  });
});
