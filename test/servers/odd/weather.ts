/** Queues, limits, gateways: what surrounds an honest count. */
import { chat, foreign, streaming, when } from '../conditions.ts';
import { cutBefore, isContent } from '../edits.ts';
import type { OddServer } from '../entries.ts';
import type { Habits, PlainAnswer } from '../habits.ts';
import { errorBody } from '../plain-answer.ts';

const busy = (status: number, seconds: string): PlainAnswer => ({
  status,
  headers: { 'retry-after': seconds },
  body: errorBody(status === 429 ? 'Rate limit reached, please try again' : 'All slots are busy'),
});
/** Says it once, at the given request. */
const onceAt = (number: number, answer: PlainAnswer): Habits => ({
  instead: (c) => (c.number === number ? answer : undefined),
});
const together: Habits = { delay: (c) => (c.mode === 'stream' ? 15 : 0) };
const refusesTogether = (answer: PlainAnswer): Habits => ({
  ...together,
  instead: (c) => (c.together > 1 ? answer : undefined),
});
/** Right after a client left: the slot is still being freed. */
const freeing: Habits = {
  onAbort: (c) => c.server.memory.set('freeing', 1),
  instead: (c) => {
    if (c.server.memory.get('freeing') !== 1) return undefined;
    c.server.memory.set('freeing', 0);
    return busy(503, '1');
  },
};
const errorEvent = { json: { error: { message: 'The model broke down', type: 'server_error', code: 500 } } };
const DONE = { raw: 'data: [DONE]\n\n' };
const breaksDown = (...then: (typeof DONE)[]): Habits => ({
  mapEvents: (list) => [...cutBefore(isContent, 4)(list), errorEvent, ...then],
});
const notFoundPage: PlainAnswer = {
  status: 404,
  headers: { 'content-type': 'text/html' },
  body: '<h1>404</h1>',
};
const ownPage: PlainAnswer = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<!doctype html><div id="app"></div>',
};

export const weather: OddServer[] = [
  { name: 'a 429 once', source: 'rate limits are waited for', habits: onceAt(5, busy(429, '1')) },
  {
    name: 'a 429 to the very first request',
    source: 'rate limits are waited for',
    habits: onceAt(1, busy(429, '0')),
  },
  {
    name: 'a slow first byte now and then',
    source: 'queues',
    habits: { delay: (c) => (c.number % 25 === 7 ? 400 : 0) },
  },
  {
    name: 'refuses parallel requests with 429',
    source: 'parallel-independent: skip',
    habits: refusesTogether(busy(429, '1')),
  },
  {
    name: 'refuses parallel requests with 503',
    source: 'parallel-independent: skip',
    habits: refusesTogether(busy(503, '1')),
  },
  {
    name: 'a 503 right after a client left',
    source: 'recovers-after-abort: asked again after 1 s',
    habits: freeing,
  },
  {
    name: 'a well-formed error in mid-stream',
    source: 'error-ends-stream',
    habits: when((c) => foreign(c) && streaming(c), breaksDown()),
  },
  {
    name: 'a well-formed error, then [DONE]',
    source: 'error-ends-stream: [DONE] is optional',
    habits: when((c) => foreign(c) && streaming(c), breaksDown(DONE)),
  },
  {
    name: 'no model list',
    source: 'with --model the list is only looked at',
    model: 'toy',
    habits: { models: () => ({ status: 404, body: errorBody('Not found') }) },
  },
  {
    name: 'the model list is a 500',
    source: 'with --model the list is only looked at',
    model: 'toy',
    habits: { models: () => ({ status: 500, body: '' }) },
  },
  {
    name: 'the model list is HTML',
    source: 'with --model the list is only looked at',
    model: 'toy',
    habits: { models: () => ownPage },
  },
  {
    name: 'the model list never comes',
    source: 'with --model the list is only looked at',
    model: 'toy',
    timeoutMs: 3000,
    habits: { models: () => 'hang' },
  },
  {
    name: 'several models, one chosen',
    source: '--model',
    model: 'toy',
    habits: {
      models: (list) => ({
        status: 200,
        body: JSON.stringify({
          ...list,
          data: [{ id: 'other', object: 'model' }, ...(list.data as object[])],
        }),
      }),
    },
  },
  {
    name: 'unknown paths are a page with 200',
    source: 'single-page applications',
    habits: { elsewhere: () => ownPage },
  },
  {
    name: 'unknown paths are a 500',
    source: 'looking around changes no verdict',
    habits: { elsewhere: () => ({ status: 500, body: 'oops' }) },
  },
  {
    name: 'unknown paths are an HTML 404',
    source: 'looking around changes no verdict',
    habits: { elsewhere: () => notFoundPage },
  },
  {
    name: 'unknown paths are a 401',
    source: 'looking around changes no verdict: gateways guard what they do not know',
    habits: { elsewhere: () => ({ status: 401, body: errorBody('unauthorized') }) },
  },
  {
    name: 'the model list is a 401',
    source: 'with --model the list is only looked at',
    model: 'toy',
    habits: { models: () => ({ status: 401, body: errorBody('not allowed to list models') }) },
  },
  {
    name: 'unknown paths close the connection',
    source: 'looking around changes no verdict',
    habits: { elsewhere: () => 'close' },
  },
  {
    name: 'unknown paths never answer',
    source: 'looking around changes no verdict',
    timeoutMs: 3000,
    habits: { elsewhere: () => 'hang' },
  },
  {
    name: 'malformed JSON is a 422',
    source: 'its answer is not judged',
    habits: { onMalformed: () => ({ status: 422, body: '{"detail":[{"msg":"JSON decode error"}]}' }) },
  },
  {
    name: 'malformed JSON is a 500',
    source: 'its answer is not judged',
    habits: { onMalformed: () => ({ status: 500, body: 'Traceback' }) },
  },
  { name: 'chat answers slower than legacy', source: 'queues', habits: when(chat, { delay: () => 20 }) },
];
