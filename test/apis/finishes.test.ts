/** Why an answer ended is handed on as it came: a reader that makes `""` or `0` of it nothing hides a fault. */
import { expect, it } from 'vitest';
import { chat } from '../../src/apis/chat.ts';
import { completions } from '../../src/apis/completions.ts';
import { messages } from '../../src/apis/messages.ts';
import { ollamaChat } from '../../src/apis/ollama-chat.ts';
import type { Api, Choices } from '../../src/model/api.ts';

const openAi = (finish: unknown) => ({ choices: [{ index: 0, finish_reason: finish }] });
const lastOf = (choices: Choices) => (typeof choices === 'string' ? choices : choices.at(-1)?.finish);

const VALUES = ['', 'null', 'length', 0, 1, true, { a: 1 }];

it.each<[Api, (finish: unknown) => object, ((finish: unknown) => object)?]>([
  [chat, openAi],
  [completions, openAi],
  [
    messages,
    (finish) => ({ type: 'message_delta', delta: { stop_reason: finish } }),
    (finish) => ({ content: [], stop_reason: finish }),
  ],
  [ollamaChat, (finish) => ({ done: true, done_reason: finish })],
])('$id', (api, chunk, whole = chunk) => {
  const streamed = (finish: unknown) =>
    lastOf(api.openStream(null).read({ ...chunk(finish) }, undefined).choices);
  const plain = (finish: unknown) => lastOf(api.readWhole(whole(finish), null).choices);
  // Its own encoder leaves an empty one out.
  const kept = api === ollamaChat ? VALUES.slice(1) : VALUES;
  expect(kept.map(streamed)).toEqual(kept);
  expect(kept.map(plain)).toEqual(kept);
  expect([plain(null), plain(undefined)]).toEqual([null, null]);
});
