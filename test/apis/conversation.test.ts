/** What was said before the prompt, as each API that takes it has it. */
import { expect, it } from 'vitest';
import { apis } from '../../src/apis/index.ts';
import type { Ask } from '../../src/model/api.ts';

const ASK: Ask = {
  prompt: 'And now?',
  earlier: [
    { by: 'system', text: 'Be brief.' },
    { by: 'user', text: 'One?' },
    { by: 'assistant', text: 'Two.' },
  ],
  limit: 8,
};
const SYSTEM = { role: 'system', content: 'Be brief.' };
const TURNS = [
  { role: 'user', content: 'One?' },
  { role: 'assistant', content: 'Two.' },
  { role: 'user', content: 'And now?' },
];
const EXPECTED: Readonly<Record<string, object>> = {
  chat: { messages: [SYSTEM, ...TURNS] },
  responses: { input: [SYSTEM, ...TURNS] },
  messages: { system: 'Be brief.', messages: TURNS },
  'ollama-chat': { messages: [SYSTEM, ...TURNS] },
  gemini: {
    systemInstruction: { parts: [{ text: 'Be brief.' }] },
    contents: [
      { role: 'user', parts: [{ text: 'One?' }] },
      { role: 'model', parts: [{ text: 'Two.' }] },
      { role: 'user', parts: [{ text: 'And now?' }] },
    ],
  },
};

const taking = [...apis.values()].filter(({ features }) => features.has('conversation'));

it.each(taking.map((api) => [api.id, api] as const))('%s: a conversation', (id, api) => {
  expect(api.encode(ASK, 'nonstream', '-', 1)).toMatchObject(EXPECTED[id] ?? {});
});

it('each API that takes one is looked at', () => {
  expect(taking.map(({ id }) => id)).toEqual(Object.keys(EXPECTED));
});
