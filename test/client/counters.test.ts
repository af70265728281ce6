import { beforeAll, expect, it } from 'vitest';
import { type CountRequest, nonStreamingCounter } from '../../src/client/index.ts';
import { tokenizerCounter } from '../../src/client/tokenizer-counter.ts';
import { loadTokenizer } from '../../src/tokenizer/index.ts';

const MODEL = new URL('../../fixtures/models/stories260K-f32.gguf', import.meta.url).pathname;
const TEXT = 'Once upon a time';
const asked = (request: CountRequest['request'], send?: CountRequest['send']): CountRequest => ({
  api: 'chat',
  request,
  text: TEXT,
  texts: [TEXT],
  finish: ['stop'],
  chunks: 4,
  ...(send === undefined ? {} : { send }),
});
const CHAT = { messages: [{ role: 'user', content: 'Hello' }], stream: true, max_tokens: 16 };
const answer = { choices: [], usage: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 } };

it('the prompt is counted by the server, the completion by its chunks', async () => {
  const sent: unknown[] = [];
  const count = await nonStreamingCounter(
    asked(CHAT, async (body) => {
      sent.push(body);
      return answer;
    }),
  );
  expect(count).toEqual({ prompt_tokens: 9, completion_tokens: 4, exact: false });
  expect(sent).toEqual([{ messages: CHAT.messages, max_tokens: 1 }]);
});

it('at another place, where it is told one', async () => {
  const sent: unknown[] = [];
  const fetch: typeof globalThis.fetch = async (input, init) => {
    const request = new Request(input, init);
    sent.push([request.url, request.headers.get('authorization'), await request.json()]);
    return Response.json(answer);
  };
  const url = 'http://host/v1/chat/completions';
  const counter = nonStreamingCounter({ url, headers: { authorization: 'Bearer x' }, fetch });
  expect(await counter(asked(CHAT))).toEqual({ prompt_tokens: 9, completion_tokens: 4, exact: false });
  expect(sent).toEqual([[url, 'Bearer x', { messages: CHAT.messages, max_tokens: 1 }]]);
});

it.each<[string, CountRequest]>([
  ['nobody can send', asked(CHAT)],
  ['the request is not known', asked({}, async () => answer)],
  ['the answer has no usage', asked(CHAT, async () => ({ choices: [] }))],
  ['there is no answer', asked(CHAT, async () => undefined)],
])('nothing where %s', async (_, given) => {
  expect(await nonStreamingCounter(given)).toBeNull();
});

let expected: { readonly prompt: number; readonly completion: number; readonly legacy: number };
beforeAll(async () => {
  const tokenizer = await loadTokenizer(MODEL);
  expected = {
    prompt: tokenizer.chat?.count(CHAT.messages) ?? 0,
    completion: tokenizer.count(TEXT),
    legacy: tokenizer.count('Hello', { addSpecial: true, parseSpecial: true }),
  };
});

it('a tokenizer counts both, by its chat template', async () => {
  const completion_tokens = expected.completion;
  const counter = tokenizerCounter(MODEL);
  expect(await counter(asked(CHAT))).toEqual({
    prompt_tokens: expected.prompt,
    completion_tokens,
    exact: false,
  });
  const legacy = await tokenizerCounter(await loadTokenizer(MODEL))(asked({ prompt: 'Hello' }));
  expect(legacy).toEqual({ prompt_tokens: expected.legacy, completion_tokens, exact: false });
});

it.each([{}, { ...CHAT, tools: [{}] }, { messages: 7 }])('a tokenizer does not count %j', async (request) => {
  expect(await tokenizerCounter(MODEL)(asked(request))).toBeNull();
});
