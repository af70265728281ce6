import { expect, it } from 'vitest';
import { tellingJson, tellingOf } from '../../src/text/telling-json.ts';

const KEEP = ['choices', 'finish_reason', 'usage'];
const told = (value: unknown) => tellingOf(JSON.stringify(value), KEEP);

it('keeps usage, finish and the number of choices', () => {
  const usage = { prompt_tokens: 3, completion_tokens_details: { reasoning_tokens: 0 } };
  expect(told({ id: 'x', choices: [], usage, timings: { predicted_ms: 1 } })).toBe(
    '{… "choices": [], "usage": {"prompt_tokens": 3, "completion_tokens_details": {"reasoning_tokens": 0}}}',
  );
  const choice = { index: 0, delta: { content: 'a' }, finish_reason: null };
  expect(told({ choices: [choice, { ...choice, finish_reason: 'stop' }] })).toBe(
    '{"choices": [{… "finish_reason": null}, {… "finish_reason": "stop"}]}',
  );
});

it('counts the entries of a long list', () => {
  const text = told({ choices: Array.from({ length: 12 }, () => ({ finish_reason: 'stop', text: '' })) });
  expect(text?.match(/finish_reason/g)).toHaveLength(4);
  expect(text).toContain('… 12 in all');
});

it('keeps what is nested, under the names that hold it', () => {
  expect(told({ type: 't', response: { id: 'r', usage: null } })).toBe('{… "response": {… "usage": null}}');
});

it.each(['[DONE]', 'null', '"text"', '{"delta":"a"}', '[]', '{'])('has nothing to say of %s', (json) => {
  expect(tellingOf(json, KEEP)).toBeNull();
  expect(tellingJson(json, KEEP)).toBeNull();
});

it('is JSON again where that is wanted', () => {
  const json = tellingJson(JSON.stringify({ id: 1, choices: [{ finish_reason: 'stop' }], usage: {} }), KEEP);
  expect(JSON.parse(json ?? '')).toEqual({ '…': '…', choices: [{ finish_reason: 'stop' }], usage: {} });
});

it('gives up on what is nested too deep', () => {
  const deep = `${'{"a":'.repeat(200_000)}{"usage":1}${'}'.repeat(200_000)}`;
  expect(() => tellingOf(deep, KEEP)).not.toThrow();
});
