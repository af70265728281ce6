/** How far a tokenizer on this machine may be trusted. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { type CountedPrompt, countedPrompt, promptKey } from '../../src/references/counted-request.ts';
import { localPrompt } from '../../src/references/local.ts';
import { parseSources } from '../../src/references/options.ts';
import { loadTokenizer } from '../../src/tokenizer/index.ts';

const model = fileURLToPath(new URL('../../fixtures/models/stories260K-f32.gguf', import.meta.url));
const tokenizer = await loadTokenizer(model);
const messages = [{ role: 'user', content: 'Hello' }];
const chat: CountedPrompt = { kind: 'chat', messages, body: { messages } };
const text: CountedPrompt = { kind: 'text', text: 'Hello', body: { prompt: 'Hello' } };
const rendered = tokenizer.chat?.render(messages) ?? '';

it.each([
  ['llama.cpp with the same template', chat, { llamaCpp: true, rendered }, 'exact', 17],
  ['llama.cpp with another template', chat, { llamaCpp: true, rendered: 'Hello' }, 'template-dependent', 17],
  [
    'llama.cpp that does not tell its template',
    chat,
    { llamaCpp: true, rendered: null },
    'template-dependent',
    17,
  ],
  ['another server', chat, { llamaCpp: false, rendered: null }, 'template-dependent', 17],
  ['plain text, llama.cpp', text, { llamaCpp: true, rendered: null }, 'exact', 4],
  ['plain text, another server', text, { llamaCpp: false, rendered: null }, 'template-dependent', 4],
] as const)('%s', (_what, prompt, rules, authority, count) => {
  expect(localPrompt(tokenizer, prompt, rules)).toMatchObject({ name: 'gguf', authority, count });
});

it('leaves room for the BOS that chats of llama-cpp-python lack', () => {
  const rules = { llamaCpp: false, chatsMayLackBos: true, rendered: null };
  expect(localPrompt(tokenizer, chat, rules)).toMatchObject({ count: 17, slack: { below: 1, above: 0 } });
  expect(localPrompt(tokenizer, text, rules)).not.toHaveProperty('slack');
});

it('counts no tools, no JSON mode and no token ids', () => {
  const rules = { llamaCpp: true, rendered };
  const hidden: CountedPrompt = { ...chat, body: { messages, response_format: { type: 'json_object' } } };
  expect(localPrompt(tokenizer, hidden, rules)).toBeNull();
  expect(localPrompt(tokenizer, { kind: 'ids', count: 4 }, rules)).toBeNull();
});

it('knows which prompts are the same, and which it can count', () => {
  const body = { prompt: 'Hello', max_tokens: 8 };
  expect(promptKey('completions', body)).toBe(
    promptKey('completions', { stream: true, prompt: 'Hello', max_tokens: 16 }),
  );
  expect(promptKey('completions', body)).not.toBe(promptKey('completions', { prompt: 'hello' }));
  expect(countedPrompt('completions', { prompt: [1, 2, 3] })).toEqual({ kind: 'ids', count: 3 });
  expect(countedPrompt('completions', { prompt: ['a', 'b'] })).toBeNull();
});

it.each([
  ['auto', { sources: null }],
  ['none', null],
  ['tokenizer, endpoint', { sources: ['tokenizer', 'endpoint'] }],
])('--reference %s', (flag, expected) => {
  expect(parseSources(flag)).toEqual(expected);
});

it.each(['', 'gguf', 'auto,none'])('--reference %j is refused', (flag) => {
  expect(() => parseSources(flag)).toThrow();
});
