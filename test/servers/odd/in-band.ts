/** Errors inside a 200 that are correct, fields for errors on good chunks, streams that hide their reasoning. */
import {
  all,
  byNewLimit,
  chat,
  foreign,
  jsonMode,
  legacy,
  plain,
  several,
  streaming,
  toolsSent,
  when,
} from '../conditions.ts';
import { changed, changedChoices, choicesOf, chunkOf, events, isContent } from '../edits.ts';
import type { OddServer } from '../entries.ts';
import type { Habits } from '../habits.ts';
import { breaksOff, errorStream, errsAtOnce, eventOf } from '../in-band.ts';
import type { Json } from '../request.ts';

const source = 'CHECKS: an error inside a stream';

/** On each chunk, and on whole answers. */
const onEach = (fields: Json): Habits => ({
  ...events(
    changed(
      (event) => chunkOf(event) !== undefined,
      () => fields,
    ),
  ),
  mapBody: (body) => ({ ...body, ...fields }),
});

const NOTHINGS: Json[] = [
  { error: null },
  { error: '' },
  { error: {} },
  { error: false },
  { error: 0 },
  { error: { code: 0, message: '' } },
  { error: null, error_code: 0, text: '' },
  { error_code: '0', message: 'ok' },
  { error_code: 0, text: 'ok', message: null },
];

const refused = (message: string, code: unknown = 400) => eventOf({ error: { message, code } });
const some = all(streaming, foreign);
const hidesReasoning = events(
  changedChoices(isContent, (choice) => {
    const { reasoning_content: _hidden, ...delta } = (choice.delta ?? {}) as Json;
    return 'delta' in choice ? { delta } : {};
  }),
);

export const inBand: OddServer[] = [
  ...NOTHINGS.map((fields) => ({
    name: `${JSON.stringify(fields)} on each good chunk`,
    source: 'FastChat says 0 on each good chunk',
    habits: onEach(fields),
  })),
  {
    name: 'some streams break off with an error event',
    source: 'error-ends-stream',
    habits: breaksOff(some, eventOf({ error: { message: 'the engine is overloaded', code: 503 } })),
  },
  {
    name: 'some streams break off with a named error event, and [DONE]',
    source: 'error-ends-stream',
    habits: breaksOff(some, `event: error\ndata: {"message":"overloaded"}\n\ndata: [DONE]\n\n`),
  },
  {
    name: 'some streams break off with an error on a chunk with choices and usage',
    source: 'OpenRouter',
    habits: when(some, {
      mapEvents: (list) => {
        const error = { code: 502, message: 'Provider disconnected' };
        const last = { ...chunkOf(list[3] ?? { raw: '' }), error };
        const choices = choicesOf(list[3] ?? { raw: '' }).map((choice) => ({
          ...choice,
          finish_reason: 'error',
        }));
        return [...list.slice(0, 3), { json: { ...last, choices, usage: { prompt_tokens: 1 } } }];
      },
    }),
  },
  {
    name: 'some streams break off with an error by number',
    source: 'FastChat error_code',
    habits: breaksOff(some, eventOf({ text: 'out of memory', error_code: 50002 })),
  },
  {
    name: 'refuses n 2 inside a 200',
    source,
    habits: errsAtOnce(all(streaming, several), refused('n must be 1')),
  },
  {
    name: 'refuses tools inside a 200, by an object of errors',
    source,
    habits: when(toolsSent, {
      instead: (c) => {
        const error = { object: 'error', message: 'no tools here', type: 'BadRequestError', code: null };
        if (c.mode === 'stream') return errorStream(eventOf(error));
        return { status: 200, body: JSON.stringify(error) };
      },
    }),
  },
  {
    name: 'refuses JSON mode inside a 200, by five digits',
    source: 'FastChat error_code',
    habits: errsAtOnce(
      all(streaming, jsonMode),
      eventOf({ text: 'response_format is out of range', error_code: 40302 }),
    ),
  },
  {
    name: 'refuses max_tokens in chat inside a 200',
    source: 'CHECKS: substitution of named parameters',
    habits: when(
      all(chat, (c) => !byNewLimit(c)),
      {
        instead: (c) => {
          const error = {
            message: "Unsupported parameter: use 'max_completion_tokens' instead.",
            type: 'invalid_request_error',
            param: 'max_tokens',
          };
          if (c.mode === 'stream') return errorStream(eventOf({ error }));
          return { status: 200, body: JSON.stringify({ error }) };
        },
      },
    ),
  },
  {
    name: 'no legacy API, told inside a 200',
    source: 'CHECKS: absent APIs',
    habits: when(legacy, {
      instead: (c) => {
        const error = { error: { message: 'Not Found', type: 'not_found_error' } };
        if (c.mode === 'stream') return errorStream(eventOf(error));
        return { status: 200, body: JSON.stringify(error) };
      },
    }),
  },
  {
    name: 'a rate limit inside a 200, once',
    source: 'CHECKS: judged as the HTTP answer that its code says',
    habits: {
      instead: (c) =>
        c.number === 4 && c.mode === 'stream'
          ? {
              ...errorStream(refused('Rate limit reached', 'rate_limit_exceeded')),
              headers: { 'content-type': 'text/event-stream', 'retry-after': '0' },
            }
          : undefined,
    },
  },
  {
    name: 'overlong prompts are refused inside a 200',
    source: 'CHECKS: the over-long prompt',
    suite: 'full',
    habits: {
      onOverlong: (c) =>
        c.mode === 'stream'
          ? errorStream(
              eventOf({
                error: {
                  message: 'the prompt exceeds the context',
                  code: null,
                  type: 'context_length_exceeded',
                },
              }),
            )
          : undefined,
    },
  },
  {
    name: 'overlong prompts get an error event without a code',
    source: 'CHECKS: a well-formed error event',
    suite: 'full',
    habits: {
      onOverlong: (c) =>
        c.mode === 'stream'
          ? errorStream(eventOf({ error: { message: 'the prompt is too long' } }))
          : undefined,
    },
  },
  {
    name: 'overlong prompts break off with an error event',
    source: 'CHECKS: a well-formed error event',
    suite: 'full',
    habits: {
      onOverlong: () => 'truncate',
      ...breaksOff(
        (c) => c.words > 1000 && c.mode === 'stream',
        eventOf({ error: { message: 'the window is full' } }),
      ),
    },
  },
  {
    name: 'streams hide reasoning that takes all of the limit',
    source: 'CHECKS: a twin that delivers only reasoning proves nothing',
    suite: 'full',
    habits: {
      traits: { reasoningTokens: 400 },
      states: 'nothing',
      onOverlong: () => 'truncate',
      ...when(chat, hidesReasoning),
      instead: (c) =>
        c.api === 'completions'
          ? { status: 404, body: JSON.stringify({ error: { message: 'Not Found' } }) }
          : undefined,
    },
  },
  {
    name: 'streams hide reasoning, and text comes behind it',
    source: 'CHECKS: a complete answer that delivers nothing',
    suite: 'full',
    habits: {
      traits: { reasoningTokens: 6 },
      onOverlong: () => 'truncate',
      ...hidesReasoning,
    },
  },
  {
    name: 'models have nothing to say to most prompts',
    source: 'CHECKS: streams that deliver nothing',
    habits: { traits: { mute: true } },
  },
  {
    name: 'errors are told with 200 in whole answers to what is refused',
    source: 'CHECKS: a 2xx whose whole body is JSON with such an error',
    habits: when(all(plain, several), {
      instead: () => ({
        status: 200,
        body: JSON.stringify({ error: { message: 'n must be 1', type: 'invalid_request_error' } }),
      }),
    }),
  },
];
