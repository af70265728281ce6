/** JSON that no reader expects: wrong types in every field, names that every object has, numbers beyond all bounds. */
import { describe, expect, it } from 'vitest';
import { apis } from '../../src/apis/index.ts';
import { BodyReader } from '../../src/wire/body.ts';
import { chunkOf } from '../servers/edits.ts';
import type { Habits } from '../servers/habits.ts';
import { hostileServer, KEY, underAttack } from './attack.ts';
import { expectHarmless } from './outputs.ts';
import { STREAM } from './pouring.ts';

const nested = (depth: number) => `${'['.repeat(depth)}${']'.repeat(depth)}`;

/** As it stands in the document. */
const traps: Readonly<Record<string, string>> = {
  null: 'null',
  true: 'true',
  'a negative count': '-1',
  'minus zero': '-0',
  'a fraction': '1.5',
  'a number beyond all numbers': '1e999',
  'a number of a thousand figures': '9'.repeat(1000),
  'one more than the safe integers': '9007199254740993',
  'a very small number': '1e-400',
  'an empty text': '""',
  'a text of figures': '"12"',
  'a text of 20,000 characters': `"${'x'.repeat(20_000)}"`,
  'half a character': '"\\ud800"',
  NUL: '"a\\u0000b"',
  'a text called __proto__': '"__proto__"',
  'a list': '[]',
  'a list of lists': '[[[]]]',
  'a list of a thousand': `[${Array(1000).fill('0').join(',')}]`,
  'a deep list': nested(5000),
  'an object': '{}',
  'an object with __proto__':
    '{"__proto__":{"prompt_tokens":1},"constructor":{"prototype":{"total_tokens":2}}}',
  'an object that says what it is': '{"toString":1,"valueOf":2,"toJSON":3,"length":1000000000,"then":4}',
  'an object with a key twice': '{"a":1,"a":{"a":2}}',
  'an object with an empty key': '{"":{"":{"":0}}}',
  'a thousand keys': `{${Array.from({ length: 1000 }, (_, at) => `"k${at}":${at}`).join(',')}}`,
};

const PLACE = '@@';
const chunk = (fields: object) =>
  ({ id: 'a', object: 'chat.completion.chunk', created: 1, model: 'toy', ...fields }) as const;
const choice = (fields: object) => chunk({ choices: [{ index: 0, finish_reason: null, ...fields }] });
const usage = (fields: object) =>
  chunk({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10, ...fields } });
const call = (fields: object) => choice({ delta: { tool_calls: [{ index: 0, ...fields }] } });

/** Every field that a reader of a stream touches. */
const fields: Readonly<Record<string, object | string>> = {
  'the whole event': PLACE,
  id: chunk({ id: PLACE, choices: [] }),
  object: chunk({ object: PLACE, choices: [] }),
  created: chunk({ created: PLACE, choices: [] }),
  model: chunk({ model: PLACE, choices: [] }),
  system_fingerprint: chunk({ system_fingerprint: PLACE, choices: [] }),
  choices: chunk({ choices: PLACE }),
  'a choice': chunk({ choices: [PLACE] }),
  index: choice({ index: PLACE, delta: { content: 'a' } }),
  finish_reason: choice({ finish_reason: PLACE, delta: {} }),
  delta: choice({ delta: PLACE }),
  role: choice({ delta: { role: PLACE } }),
  content: choice({ delta: { content: PLACE } }),
  reasoning_content: choice({ delta: { reasoning_content: PLACE } }),
  tool_calls: choice({ delta: { tool_calls: PLACE } }),
  'a tool call': choice({ delta: { tool_calls: [PLACE] } }),
  function: call({ function: PLACE }),
  'function.name': call({ function: { name: PLACE } }),
  'function.arguments': call({ function: { arguments: PLACE } }),
  token_ids: choice({ token_ids: PLACE, delta: {} }),
  usage: chunk({ choices: [], usage: PLACE }),
  prompt_tokens: usage({ prompt_tokens: PLACE }),
  completion_tokens: usage({ completion_tokens: PLACE }),
  total_tokens: usage({ total_tokens: PLACE }),
  prompt_tokens_details: usage({ prompt_tokens_details: PLACE }),
  cached_tokens: usage({ prompt_tokens_details: { cached_tokens: PLACE } }),
  completion_tokens_details: usage({ completion_tokens_details: PLACE }),
  error: chunk({ error: PLACE }),
  'error.message': chunk({ error: { message: PLACE } }),
};

const withTrap = (field: object | string, trap: string) =>
  JSON.stringify(field).replace(JSON.stringify(PLACE), () => trap);

const [chat] = apis.values();

/** Facts of a body are kept for hundreds of requests. */
const MOST_KEPT = 100_000;

it.each(Object.entries(fields))(
  '%s may be anything: it is read, and what is kept is bounded',
  (_name, field) => {
    for (const [trap, text] of Object.entries(traps)) {
      const reader = new BodyReader({
        api: chat ?? null,
        contentType: 'text/event-stream',
        streamAsked: true,
      });
      const event = `data: ${withTrap(field, text)}\n\n`;
      const stopped = reader.push(Buffer.from(event + STREAM), 1);
      const body = reader.finish({ kind: 'clean' }, 2);
      expect(JSON.stringify(body).length, trap).toBeLessThan(MOST_KEPT);
      // What is too deep for one event ends the reading, and nothing else does.
      if (stopped !== null) {
        expect([trap, stopped.kind]).toEqual(['a deep list', 'stopped']);
        continue;
      }
      if (body.kind !== 'stream') throw new Error(`${trap}: no stream but ${body.kind}`);
      expect(body.stream.usageCount, trap).toBeGreaterThan(0);
      expect(body.stream.end, trap).not.toBeNull();
    }
    expect(Object.keys(Object.prototype)).toEqual([]);
  },
);

/** The same value in every field of the usage and the envelope of each answer, and in the list of models. */
function everywhere(trap: string): Habits {
  const value: unknown = JSON.parse(trap);
  const counts = { prompt_tokens: PLACE, completion_tokens: PLACE, total_tokens: PLACE };
  return {
    bytesPerWrite: 1 << 20,
    mapEvents: (events) =>
      events.map((event) => {
        const made = chunkOf(event);
        if (made === undefined) return event;
        const more = made.usage === undefined || made.usage === null ? {} : { usage: counts };
        return { json: { ...made, id: PLACE, created: PLACE, model: PLACE, ...more } };
      }),
    mapWire: (wire) => wire.replaceAll(JSON.stringify(PLACE), () => trap),
    mapBody: (body) => ({ ...body, id: value, model: value, usage: value }),
    models: (list) => ({
      status: 200,
      body: JSON.stringify({
        ...list,
        data: [{ id: 'toy', owned_by: value, max_model_len: value, meta: value, created: value }, value],
      }),
    }),
  };
}

describe('in usage, envelope and model list at once', () => {
  it.each(Object.entries(traps))('%s', async (_name, trap) => {
    const { report, rendered } = await underAttack(await hostileServer(everywhere(trap)));
    expectHarmless(rendered, [KEY]);
    const judged = (check: string) =>
      report.servers[0]?.results.find((one) => one.check === check && one.case.includes('/stream/'))?.verdict;
    const stopped = judged('usage-present') === 'error';
    if (!stopped) expect(judged('usage-present')).toBe('pass');
    const isCount = Number.isSafeInteger(JSON.parse(trap)) && Number(trap) >= 0;
    if (!isCount) expect(judged('usage-integers')).not.toBe('pass');
    expect(report.exitCode).toBe(stopped ? 3 : 1);
  });
});
