/** llama.cpp's own completion that is wrong in one way each. */
import type { OtherBrokenServer } from '../../entries.ts';
import type { Asked, OtherHabits } from '../../other-api-server.ts';
import { isJson, type Json } from '../../request.ts';
import {
  again,
  appended,
  before,
  changed,
  type StepTest,
  stream,
  when,
  whole,
  within,
  without,
} from '../../steps.ts';

const LAST: StepTest = ({ stop }) => stop === true;
const OPEN: StepTest = ({ stop }) => stop === false;
const listed = ({ list }: Asked) => list;
const single = ({ list }: Asked) => !list;

/** The object that ends an answer, in both modes. */
const both = (change: (json: Json) => Json): OtherHabits => ({
  ...stream(changed(LAST, change)),
  mapBody: (body) =>
    Array.isArray(body)
      ? body.filter(isJson).map((one) => ({ ...one, ...change(one) }))
      : isJson(body)
        ? { ...body, ...change(body) }
        : body,
});
const indexed = (at: number, change: (json: Json) => Json) =>
  when(
    listed,
    both((json) => (json.index === at ? change(json) : {})),
  );
/** Another count of the prompt, also in the timings. */
const evaluated = (more: number) => (json: Json) => {
  const tokens = Number(json.tokens_evaluated) + more;
  return {
    tokens_evaluated: tokens,
    timings: { cache_n: 0, prompt_n: tokens, predicted_n: json.tokens_predicted },
  };
};

export const llamacppCompletion: OtherBrokenServer[] = (
  [
    {
      name: 'an answer without content',
      source: 'APIS: a 2xx of the right kind',
      habits: whole(() => ({ content: undefined })),
      fails: ['request-answered'],
    },
    {
      name: 'data: null before the first object',
      source: 'llama.cpp 2026.10 (list prompts)',
      habits: stream((list) => [{ raw: 'data: null\n\n' }, ...list]),
      fails: ['event-json'],
    },
    {
      name: 'no object that ends it',
      source: 'C11',
      habits: stream(without(LAST)),
      fails: ['stream-end'],
      says: 'missing',
    },
    {
      name: 'two ends',
      source: 'C11',
      habits: stream(again(LAST)),
      fails: ['stream-end'],
      says: 'twice',
    },
    {
      name: 'text after the end',
      source: 'C11',
      habits: stream(appended({ json: { index: 0, content: 'x', stop: false } })),
      fails: ['stream-end'],
      says: 'early',
    },
    {
      name: 'one of two prompts never ends',
      source: 'APIS: stream-end per index',
      habits: when(listed, stream(without((json) => LAST(json) && json.index === 1))),
      suite: 'standard',
      fails: ['stream-end'],
      says: 'missing',
    },
    {
      name: 'no counts',
      source: 'C1',
      habits: stream(changed(LAST, () => ({ tokens_evaluated: undefined, tokens_predicted: undefined }))),
      fails: ['usage-present'],
      says: 'absent',
    },
    {
      name: 'counts that are null',
      source: 'C1',
      habits: stream(changed(LAST, () => ({ tokens_evaluated: null, tokens_predicted: null }))),
      fails: ['usage-present'],
      says: 'null',
    },
    {
      name: 'no count of the prompt',
      source: 'C2',
      habits: stream(changed(LAST, () => ({ tokens_evaluated: undefined }))),
      fails: ['usage-complete'],
    },
    {
      name: 'no count of the first of two prompts',
      source: 'C2',
      habits: when(
        listed,
        stream(
          changed(
            (json) => LAST(json) && json.index === 0,
            () => ({ tokens_predicted: undefined }),
          ),
        ),
      ),
      suite: 'standard',
      fails: ['usage-complete'],
      says: 'index 0 tokens_predicted',
    },
    {
      name: 'counts that are strings',
      source: 'C2',
      habits: stream(changed(LAST, (json) => ({ tokens_predicted: String(json.tokens_predicted) }))),
      fails: ['usage-integers'],
    },
    {
      name: 'timings that are fractions',
      source: 'C2',
      habits: stream(
        changed(
          LAST,
          within('timings', () => ({ cache_n: 0.5 })),
        ),
      ),
      fails: ['usage-integers'],
    },
    {
      name: 'the second of two prompts counts 0',
      source: 'C2',
      habits: indexed(1, () => ({ tokens_evaluated: 0, timings: undefined })),
      suite: 'standard',
      fails: ['usage-nonzero'],
      // In a stream the earlier objects say otherwise.
      mayAlso: ['usage-consistent'],
    },
    {
      name: 'more cached than the prompt has',
      source: 'A10',
      habits: both(() => ({ timings: { cache_n: 99_999 } })),
      fails: ['cached-within-prompt'],
    },
    {
      name: 'a count that is not that of its timings',
      source: 'APIS: usage-consistent',
      habits: both(within('timings', ({ predicted_n }) => ({ predicted_n: Number(predicted_n) + 1 }))),
      fails: ['usage-consistent'],
      says: 'contradicts',
    },
    {
      name: 'a prompt that is not that of its timings',
      source: 'APIS: usage-consistent',
      habits: both(within('timings', ({ prompt_n }) => ({ prompt_n: Number(prompt_n) + 2 }))),
      fails: ['usage-consistent'],
      says: 'contradicts',
    },
    {
      name: 'a prompt smaller than what was evaluated of it',
      source: 'APIS: usage-consistent',
      habits: both((json) => ({ timings: { prompt_n: Number(json.tokens_evaluated) + 1 } })),
      fails: ['usage-consistent'],
      says: 'contradicts',
    },
    {
      name: 'another prompt count on earlier objects',
      source: 'APIS: usage-consistent',
      habits: stream(changed(OPEN, () => ({ tokens_evaluated: 3 }))),
      fails: ['usage-consistent'],
      says: 'moved',
    },
    {
      name: 'a completion count that falls',
      source: 'APIS: usage-consistent',
      habits: stream(changed(OPEN, (_json, at) => ({ tokens_predicted: 8 - Math.min(at, 7) }))),
      fails: ['usage-consistent'],
      says: 'falls',
    },
    {
      name: 'more on an earlier object than at the end',
      source: 'APIS: usage-consistent',
      habits: stream(changed(OPEN, () => ({ tokens_predicted: 400 }))),
      fails: ['usage-consistent'],
      says: 'falls',
    },
    {
      name: 'two prompts count one token more each',
      source: 'C7',
      habits: when(listed, {
        ...stream(
          changed(OPEN, (json) => ({ tokens_evaluated: Number(json.tokens_evaluated) + 1 })),
          changed(LAST, evaluated(1)),
        ),
        mapBody: (body) =>
          Array.isArray(body) ? body.filter(isJson).map((one) => ({ ...one, ...evaluated(1)(one) })) : body,
      }),
      suite: 'standard',
      fails: ['list-prompts-counted'],
    },
    {
      name: 'two prompts count one token more each in streams',
      source: 'APIS: across modes, lists are not compared',
      habits: when(
        listed,
        stream(
          changed(OPEN, (json) => ({ tokens_evaluated: Number(json.tokens_evaluated) + 1 })),
          changed(LAST, evaluated(1)),
        ),
      ),
      suite: 'standard',
      fails: ['list-prompts-counted'],
    },
    {
      name: 'the second of two prompts counts twenty tokens more',
      source: 'APIS: the -limit checks do not judge lists',
      habits: indexed(1, (json) => {
        const tokens = Number(json.tokens_predicted) + 20;
        return { tokens_predicted: tokens, timings: { predicted_n: tokens } };
      }),
      suite: 'standard',
      fails: ['list-prompts-counted'],
    },
    {
      name: 'the counts of two prompts are exchanged',
      source: 'APIS: list-prompts-counted per index',
      habits: when(listed, {
        ...stream(
          changed(
            () => true,
            ({ index }) => ({ index: 1 - Number(index) }),
          ),
        ),
        mapBody: (body) =>
          Array.isArray(body)
            ? body.filter(isJson).map((one) => ({ ...one, index: 1 - Number(one.index) }))
            : body,
      }),
      suite: 'standard',
      fails: ['list-prompts-counted'],
    },
    {
      name: 'one object for two prompts',
      source: 'APIS: list prompts: a list of such',
      habits: when(listed, { mapBody: (body) => (Array.isArray(body) ? body[0] : body) }),
      suite: 'standard',
      fails: [],
      warns: ['request-answered'],
      warnsAtMost: true,
    },
    {
      name: 'no stop_type',
      source: 'C11',
      habits: both(() => ({ stop_type: undefined })),
      fails: ['finish-once'],
    },
    {
      name: 'no stop_type for one of two prompts',
      source: 'C11',
      habits: indexed(1, () => ({ stop_type: undefined })),
      suite: 'standard',
      fails: ['finish-once'],
    },
    {
      name: 'both of two prompts under one index in a whole answer',
      source: 'C11',
      habits: when(({ list, mode }) => list && mode === 'nonstream', {
        mapBody: (body) =>
          Array.isArray(body) ? body.filter(isJson).map((one) => ({ ...one, index: 0 })) : body,
      }),
      suite: 'standard',
      fails: ['finish-once'],
    },
    {
      name: 'eos where a stop string ended it',
      source: 'APIS: stop-named',
      habits: when(
        ({ stops }) => stops.length > 0,
        both(() => ({ stop_type: 'eos', stopping_word: '' })),
      ),
      suite: 'standard',
      fails: [],
      warns: ['stop-named'],
    },
    {
      name: 'another stopping_word than was sent',
      source: 'APIS: stop-named',
      habits: when(
        ({ stops }) => stops.length > 0,
        both(() => ({ stopping_word: 'xyzzy' })),
      ),
      suite: 'standard',
      fails: [],
      warns: ['stop-named'],
    },
    {
      name: 'text after an error',
      source: 'C11',
      habits: when(
        single,
        stream(
          before(
            LAST,
            { json: { error: { code: 500, message: 'compute error', type: 'server_error' } } },
            { json: { index: 0, content: 'x', stop: false } },
          ),
        ),
      ),
      suite: 'standard',
      fails: ['error-ends-stream'],
      mayAlso: ['parallel-independent', 'recovers-after-abort'],
    },
  ] satisfies ReadonlyArray<Omit<OtherBrokenServer, 'api'>>
).map((one) => ({ ...one, name: `llamacpp-completion: ${one.name}`, api: 'llamacpp-completion' }));
