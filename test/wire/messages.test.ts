/** Where an object ends the stream, `[DONE]` is no marker: it is passed over before that object, and once behind it. */
import { describe, expect, it } from 'vitest';
import { messages } from '../../src/apis/messages.ts';
import { read, stream } from './read.ts';
import { sse } from './tiny-api.ts';

const START = { type: 'message_start', message: { id: 'm', usage: { input_tokens: 9, output_tokens: 1 } } };
const DELTA = { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 4 } };
const all = (...events: ReadonlyArray<object | string>) =>
  sse(...events.map((event) => (typeof event === 'string' ? event : JSON.stringify(event))));
const STOP = { type: 'message_stop' };
const reading = { api: messages };

describe('[DONE] beside message_stop', () => {
  it('is no fault before it, and does not end the stream', () => {
    const facts = stream(all(START, '[DONE]', DELTA, STOP), reading);
    expect(facts).toMatchObject({ notJson: [], end: { index: 3 }, usageCount: 2 });
    expect(facts.afterEnd).toEqual({ markers: 0, usages: [], others: [] });
  });

  it('is free once behind it, and a second end where it comes twice', () => {
    expect(stream(all(START, DELTA, STOP, '[DONE]'), reading).afterEnd.markers).toBe(0);
    expect(stream(all(START, DELTA, STOP, '[DONE]', '[DONE]'), reading).afterEnd.markers).toBe(1);
    expect(stream(all(START, DELTA, '[DONE]'), reading).end).toBeNull();
  });
});

describe('usage that comes in pieces', () => {
  it('is merged: what the later event leaves out or says null to stays', () => {
    const later = { ...DELTA, usage: { input_tokens: null, output_tokens: 4 } };
    const [, merged] = stream(all(START, later, STOP), reading).usages;
    expect(merged?.counts).toMatchObject({ prompt: 9, completion: 4 });
  });

  it('counts what came out of a cache, or went into it, as prompt', () => {
    const cached = { input_tokens: 1, cache_read_input_tokens: 32, cache_creation_input_tokens: null };
    const usage = { ...cached, output_tokens: 0 };
    const [first] = stream(all({ ...START, message: { usage } }, STOP), reading).usages;
    expect(first?.counts.prompt).toBe(33);
  });

  it('names the event that lacks a count', () => {
    const [only] = stream(all(START, STOP), reading).usages;
    const lacking = only?.counts.required.filter(([, value]) => value === undefined);
    expect(lacking?.map(([name]) => name)).toEqual(['message_delta output_tokens']);
  });

  it('is read anew for each response', () => {
    const [first] = stream(all(DELTA, STOP), reading).usages;
    expect(first?.counts.required[0]).toEqual(['message_start input_tokens', undefined]);
  });
});

it('a stream of other objects is none of this API', () => {
  expect(stream(all({ choices: [] }), reading).foreign).toBe('the first event has no type');
  expect(stream(all(START, { choices: [] }), reading).foreign).toBeNull();
  expect(read('{"choices":[]}', { ...reading, contentType: 'application/json' })).toMatchObject({
    kind: 'json',
    answer: { choices: null },
  });
});
