/** Errors inside a 200: in place of an answer, in forms that nobody sees, and streams in which nothing is delivered. */
import {
  all,
  asked,
  chat,
  featureless,
  foreign,
  legacy,
  option,
  plain,
  streaming,
  when,
} from '../conditions.ts';
import { changedChoices, cutBefore, events, isContent, isFinish } from '../edits.ts';
import type { BrokenServer } from '../entries.ts';
import type { Context, Habits } from '../habits.ts';
import { breaksOff, DONE_TEXT, errorStream, errsAtOnce, eventOf } from '../in-band.ts';

const NO_OPTION = 'stream_options.include_usage is not supported';
const numbered = { text: 'the worker ran out of memory', error_code: 50001 };
const objectError = { object: 'error', message: 'the worker is gone', code: 500 };
const overloaded = { error: { message: 'the engine is overloaded' } };
const busy = { error: { message: 'no slot is free', type: 'server_error', code: '503' } };
const someStreams = all(streaming, foreign);

/** The option alone brings the error about. */
export const optionErrors: BrokenServer[] = [
  {
    name: 'include_usage true is a 400 inside a 200',
    source: 'CHECKS: an error inside a stream',
    says: `refused: ${NO_OPTION}`,
    habits: errsAtOnce(asked, eventOf({ error: { code: 400, message: NO_OPTION } })),
  },
  {
    name: 'include_usage true is an error without a code',
    source: 'CHECKS: an error inside a stream',
    says: `error in band: ${NO_OPTION}`,
    habits: errsAtOnce(asked, eventOf({ error: NO_OPTION }) + DONE_TEXT),
  },
  {
    name: 'include_usage true is an invalid request in legacy streams',
    source: 'CHECKS: an error inside a stream',
    says: `refused: ${NO_OPTION}`,
    habits: errsAtOnce(
      all(legacy, asked),
      eventOf({ error: { message: NO_OPTION, type: 'invalid_request_error', code: null } }),
    ),
  },
  {
    name: 'stream_options null is an object of errors',
    source: 'CHECKS: an error inside a stream',
    says: 'http-500 in band: the worker is gone',
    habits: errsAtOnce(option('null'), eventOf(objectError) + DONE_TEXT),
  },
  {
    name: 'stream_options {} is a JSON error with 200',
    source: 'CHECKS: a 2xx whose whole body is JSON with such an error',
    says: 'refused: bad request',
    habits: when(option('empty'), {
      instead: () => ({
        status: 200,
        body: JSON.stringify({ error: { message: 'bad request', code: 422 } }),
      }),
    }),
  },
].map((server) => ({ ...server, fails: ['stream-options-accepted'] }));

const whole = (body: unknown): Habits => ({ instead: () => ({ status: 200, body: JSON.stringify(body) }) });

/** The error is the answer. */
export const errorAnswers: BrokenServer[] = [
  {
    name: 'every stream errs at once, without a code',
    says: 'error in band: the engine is overloaded',
    habits: errsAtOnce(streaming, eventOf(overloaded)),
  },
  {
    name: 'only legacy streams err at once',
    says: 'http-503 in band: no slot is free',
    habits: errsAtOnce(all(legacy, streaming), eventOf(busy)),
  },
  {
    name: 'streams err at once, named as an error event of plain words',
    says: 'error in band: out of memory',
    mayAlso: ['error-ends-stream'],
    habits: errsAtOnce(someStreams, 'event: error\ndata: out of memory\n\n'),
  },
  {
    name: 'streams err behind the role',
    says: 'http-500 in band',
    habits: when(all(chat, someStreams), {
      mapEvents: (list) => [...list.slice(0, 1), { json: { error: { message: 'oh no', code: 500 } } }],
    }),
  },
  {
    name: 'streams are an error by number, then [DONE]',
    source: 'FastChat error_code',
    says: 'http-500 in band: the worker ran out of memory',
    habits: errsAtOnce(someStreams, eventOf(numbered) + DONE_TEXT),
  },
  {
    name: 'streams are an object of errors, then [DONE]',
    source: 'vLLM object error',
    says: 'http-500 in band: the worker is gone',
    habits: errsAtOnce(someStreams, eventOf(objectError) + DONE_TEXT),
  },
  {
    name: 'a JSON error with 200 for streams',
    says: 'http-503 in band: no slot is free',
    habits: when(someStreams, whole(busy)),
  },
  {
    name: 'a JSON error by number with 200, not streaming',
    says: 'http-500 in band: the worker ran out of memory',
    habits: when(all(plain, foreign), whole(numbered)),
  },
  {
    name: 'a JSON error with empty choices and 200, not streaming',
    says: 'error in band: the engine is overloaded',
    habits: when(all(plain, foreign), whole({ ...overloaded, choices: [] })),
  },
].map((server) => ({
  source: 'CHECKS: an error inside a stream',
  ...server,
  fails: ['request-answered'],
  mayAlso: (server.mayAlso ?? []) as BrokenServer['mayAlso'] & {},
}));

const line = `error: ${JSON.stringify({ code: 500, message: 'oh no' })}\n\n`;

/** Nothing was delivered, and clients do not see why. */
export const unseenErrors: BrokenServer[] = [
  { name: 'streams are an error line', habits: errsAtOnce(someStreams, line) },
  {
    name: 'streams are a bare JSON line, then [DONE]',
    habits: errsAtOnce(someStreams, `${JSON.stringify(objectError)}\n\n${DONE_TEXT}`),
  },
].map((server) => ({
  source: 'CHECKS: an error inside a stream',
  ...server,
  fails: ['request-answered', 'error-ends-stream'],
}));

export const malformedErrors: BrokenServer[] = [
  {
    name: 'an error event of plain words in mid-stream',
    habits: breaksOff(someStreams, 'event: error\ndata: out of memory\n\n'),
  },
  {
    name: 'an error line by number in mid-stream',
    habits: breaksOff(someStreams, `${JSON.stringify(numbered)}\n\n${DONE_TEXT}`),
  },
  {
    name: 'content goes on after an error by number',
    habits: when(someStreams, {
      mapEvents: (list) => [...list.slice(0, 4), { json: numbered }, ...list.slice(4)],
    }),
  },
].map((server) => ({
  source: 'CHECKS: an error in a stream is one well-formed event',
  ...server,
  fails: ['error-ends-stream'],
}));

const left = (c: Context) => c.server.memory.has(`left ${c.api}`);
const onAbort = (c: Context) => c.server.memory.set(`left ${c.api}`, 1);

export const abortErrors: BrokenServer[] = [
  {
    name: 'after a client left the next stream is a 500 inside a 200',
    habits: {
      onAbort,
      ...errsAtOnce(
        (c) => left(c) && c.mode === 'stream' && c.seenInMode > 0 && featureless(c),
        eventOf(busy),
      ),
    },
  },
  {
    name: 'after a client left everything is an error inside a 200',
    habits: {
      onAbort: (c: Context) => c.server.memory.set('left', 1),
      ...when((c) => c.server.memory.has('left'), {
        instead: (c) => (c.mode === 'stream' ? errorStream(eventOf(overloaded)) : whole(busy).instead?.(c)),
      }),
    },
  },
].map((server) => ({
  source: 'CHECKS: judged as the HTTP answer that its code says',
  ...server,
  fails: ['recovers-after-abort'],
}));

const gone = (c: Context) => {
  if (c.json) c.server.memory.set('gone', 1);
  return c.server.memory.has('gone');
};

export const deathInBand: BrokenServer = {
  name: 'since JSON mode everything is an error inside a 200',
  source: 'CHECKS: judged as the HTTP answer that its code says',
  fails: ['server-survives'],
  habits: when(gone, {
    instead: (c) =>
      c.mode === 'stream'
        ? errorStream(eventOf(objectError))
        : { status: 200, body: JSON.stringify(objectError) },
  }),
};

/** Chunks, finish and usage as ever, and no text. */
const silent = events(
  changedChoices(isContent, (choice) =>
    'text' in choice ? { text: '' } : { delta: { role: 'assistant', content: '' } },
  ),
);

export const silentStreams: BrokenServer[] = [
  { name: 'nothing is delivered in any stream', habits: silent },
  { name: 'nothing is delivered in legacy streams', habits: when(legacy, silent) },
  {
    name: 'streams are [DONE] and nothing else',
    habits: { mapWire: () => DONE_TEXT },
  },
  {
    name: 'nothing is delivered in any stream, and zero is counted',
    habits: {
      ...silent,
      ...when(streaming, {
        mapUsage: (u) => ({ ...u, completion_tokens: 0, total_tokens: u.prompt_tokens }),
      }),
    },
  },
].map((server) => ({
  source: 'CHECKS: streams that deliver nothing',
  ...server,
  says: 'empty: nothing delivered',
  fails: ['request-answered'],
}));

const overlong = (c: Context) => c.words > 1000;
const emptyAnswer = (completion: number, prompt?: number): Habits => ({
  onOverlong: () => 'truncate',
  ...when(overlong, {
    ...silent,
    mapUsage: (u) => {
      const counted = { prompt_tokens: prompt ?? u.prompt_tokens, completion_tokens: completion };
      return { ...u, ...counted, total_tokens: counted.prompt_tokens + completion };
    },
  }),
});

export const emptyOverlong: BrokenServer[] = [
  {
    name: 'a prompt too long gets a complete answer of nothing, counted over the context',
    source: 'LM Studio lmstudio-bug-tracker#2339',
    habits: emptyAnswer(0, 4011),
  },
  {
    name: 'a prompt too long gets a complete answer of nothing, and eight tokens are counted',
    source: 'recovers-after-overlong: a complete answer that delivers nothing',
    habits: { states: 'nothing' as const, ...emptyAnswer(8) },
  },
].map((server) => ({
  ...server,
  suite: 'full' as const,
  says: 'empty',
  fails: ['recovers-after-overlong'],
}));

export const emptyOverlongMild: BrokenServer = {
  name: 'a prompt too long gets a complete answer of nothing, truly counted',
  source: 'recovers-after-overlong: else warns',
  suite: 'full',
  fails: [],
  warns: ['recovers-after-overlong'],
  warnsAtMost: true,
  habits: emptyAnswer(0),
};

/** A clean close: neither finish nor usage nor [DONE]. */
export const closedEarly: BrokenServer[] = [
  {
    name: 'streams are closed before their last chunks',
    source: 'C11 missing',
    habits: events(cutBefore(isFinish)),
  },
  {
    name: 'some streams are closed after two chunks',
    source: 'C11 missing',
    habits: when(someStreams, events(cutBefore(isContent, 3))),
  },
].map((server) => ({ ...server, says: 'missing', fails: ['stream-end'] }));
