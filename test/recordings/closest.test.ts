/** Which recorded answer fits a request that was not recorded. */
import { expect, it } from 'vitest';
import type { JsonObject } from '../../src/model/json.ts';
import { closestOf } from '../../src/recordings/closest.ts';
import type { RecordedExchange } from '../../src/recordings/recorded.ts';

const path = '/v1/chat/completions';
const messages = [{ role: 'user', content: 'list animals' }];

const recorded = (
  n: number,
  body: JsonObject,
  reply: Partial<RecordedExchange['reply']> = {},
): RecordedExchange => ({
  n,
  method: 'POST',
  path,
  body: { messages, ...body },
  reply: { end: 'clean', endMs: 1, status: 200, headMs: 1, headers: {}, pieces: [], ...reply },
});

const chosen = (exchanges: readonly RecordedExchange[], body: JsonObject) =>
  closestOf(exchanges, { method: 'POST', path, body })?.n;

it.each([
  [1, 0],
  [8, 0],
  [11, 0],
  [13, 1],
  [20, 1],
  [100, 2],
])('to a limit of %d it is the nearest below or above', (limit, n) => {
  const limits = [8, 16, 64].map((max_tokens, at) => recorded(at, { max_tokens }));
  expect(chosen(limits, { messages, max_tokens: limit })).toBe(n);
  expect(chosen([...limits].reverse(), { messages, max_tokens: limit })).toBe(n);
});

it('of two that are as near it is the first', () => {
  const two = [recorded(0, { max_tokens: 8 }), recorded(1, { max_tokens: 16 })];
  expect(chosen(two, { messages, max_tokens: 12 })).toBe(0);
  expect(chosen([...two].reverse(), { messages, max_tokens: 12 })).toBe(1);
});

it('what is alike takes precedence over a near limit', () => {
  const tool = { tools: [{ type: 'function', function: { name: 'weather' } }] };
  const two = [recorded(0, { max_tokens: 8 }), recorded(1, { max_tokens: 256, ...tool })];
  expect(chosen(two, { messages, max_tokens: 8, ...tool })).toBe(1);
  expect(chosen(two, { messages, max_tokens: 256 })).toBe(0);
});

it('a weighty trait takes precedence over all lighter ones', () => {
  const tool = { tools: [{ type: 'function', function: { name: 'weather' } }] };
  const light = { stop: ['x'], logprobs: true, n: 2, max_tokens: 8 };
  const two = [recorded(0, light), recorded(1, { max_tokens: 64, ...tool })];
  expect(chosen(two, { messages, ...light, ...tool })).toBe(1);
});

it('is of the same mode where the path says it, whatever the model', () => {
  const at = (model: string, method: string) => `/v1beta/models/${model}:${method}`;
  const body = { contents: [] };
  const two = [
    { ...recorded(0, body), path: at('a', 'generateContent') },
    { ...recorded(1, body), path: at('a', 'streamGenerateContent?alt=sse') },
  ];
  const answerTo = (path: string) => closestOf(two, { method: 'POST', path, body })?.n;
  expect(answerTo(at('b', 'generateContent'))).toBe(0);
  expect(answerTo(at('b/c', 'streamGenerateContent?alt=sse'))).toBe(1);
  expect(answerTo(at('b', 'countTokens'))).toBeUndefined();
});

it('is never one of the other mode, or one that failed or broke off', () => {
  const body = { max_tokens: 8 };
  expect(chosen([recorded(0, { ...body, stream: true })], { messages, ...body })).toBeUndefined();
  const bad = [recorded(0, body, { status: 500 }), recorded(1, body, { end: 'cut' })];
  expect(chosen(bad, { messages, ...body })).toBeUndefined();
  expect(chosen([...bad, recorded(2, { max_tokens: 64 })], { messages, ...body })).toBe(2);
});
