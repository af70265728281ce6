/** How far a tokenizer on this machine may be trusted. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { completions } from '../../src/apis/completions.ts';
import { apiOf } from '../../src/apis/index.ts';
import type { CountedPrompt } from '../../src/model/api.ts';
import { promptKey } from '../../src/references/counted-request.ts';
import { localPrompt } from '../../src/references/local.ts';
import { parseSources } from '../../src/references/options.ts';
import { loadTokenizer } from '../../src/tokenizer/index.ts';

const model = fileURLToPath(new URL('../../fixtures/models/stories260K-f32.gguf', import.meta.url));
const tokenizer = await loadTokenizer(model);
const messages = [{ role: 'user', content: 'Hello' }];
const chat: CountedPrompt = { kind: 'chat', messages, body: { messages }, hiddenBy: null };
const text: CountedPrompt = { kind: 'text', text: 'Hello', body: { prompt: 'Hello' }, hiddenBy: null };
const rendered = tokenizer.chat?.render(messages) ?? '';

it.each([
  ['llama.cpp with the same template', chat, { asGgufSays: true, rendered }, 'exact', 17],
  [
    'llama.cpp with another template',
    chat,
    { asGgufSays: true, rendered: 'Hello' },
    'template-dependent',
    17,
  ],
  [
    'llama.cpp that does not tell its template',
    chat,
    { asGgufSays: true, rendered: null },
    'template-dependent',
    17,
  ],
  ['another server', chat, { asGgufSays: false, rendered: null }, 'template-dependent', 17],
  ['plain text, llama.cpp', text, { asGgufSays: true, rendered: null }, 'exact', 4],
  ['plain text, another server', text, { asGgufSays: false, rendered: null }, 'template-dependent', 4],
] as const)('%s', (_what, prompt, rules, authority, count) => {
  expect(localPrompt(tokenizer, prompt, rules)).toMatchObject({ name: 'gguf', authority, count });
});

it('leaves room for the BOS that chats of llama-cpp-python lack', () => {
  const rules = { asGgufSays: false, chatsMayLackBos: true, rendered: null };
  expect(localPrompt(tokenizer, chat, rules)).toMatchObject({ count: 17, slack: { below: 1, above: 0 } });
  expect(localPrompt(tokenizer, text, rules)).not.toHaveProperty('slack');
});

it('leaves room for the BOS that other APIs of vLLM may put before the template', () => {
  const rules = { translatedMayAddBos: true, rendered: null };
  const translated: CountedPrompt = { ...chat, translated: true };
  expect(localPrompt(tokenizer, translated, rules)).toMatchObject({ slack: { below: 0, above: 1 } });
  expect(localPrompt(tokenizer, chat, rules)).not.toHaveProperty('slack');
});

it('counts no tools, no JSON mode and no token ids', () => {
  const rules = { asGgufSays: true, rendered };
  const hidden: CountedPrompt = { ...chat, hiddenBy: 'response_format' };
  expect(localPrompt(tokenizer, hidden, rules)).toBeNull();
  expect(localPrompt(tokenizer, { kind: 'ids', count: 4 }, rules)).toBeNull();
});

it('knows which prompts are the same, and which it can count', () => {
  const body = { prompt: 'Hello', max_tokens: 8 };
  expect(promptKey('completions', body)).toBe(
    promptKey('completions', { stream: true, prompt: 'Hello', max_tokens: 16 }),
  );
  expect(promptKey('completions', body)).not.toBe(promptKey('completions', { prompt: 'hello' }));
  expect(completions.readRequest({ prompt: [1, 2, 3] }).prompt).toEqual({ kind: 'ids', count: 3 });
  expect(completions.readRequest({ prompt: ['a', 'b'] }).prompt).toBeNull();
  const content = [
    { type: 'text', text: 'What is it?' },
    { type: 'image_url', image_url: { url: 'data:' } },
  ];
  expect(apiOf('chat').readRequest({ messages: [{ role: 'user', content }] }).prompt).toBeNull();
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
