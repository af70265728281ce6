/** The class of a value that is no count goes by the value itself, however it would be written. */
import { expect, test } from 'vitest';
import { classOfValue, inWords } from '../../src/checks/support/usage-faults.ts';

test.each([
  ['12', 'string'],
  ['is 4', 'string'],
  [-1, 'negative'],
  [-0.5, 'negative'],
  [1.5, 'fraction'],
  [1e-7, 'fraction'],
  [2 ** 53, 'huge'],
  [1e300, 'huge'],
  [Number.POSITIVE_INFINITY, 'huge'],
  [true, 'no-number'],
  [['is "4"'], 'no-number'],
  [{ a: -1 }, 'no-number'],
])('%j is %s', (value, id) => {
  expect(classOfValue(value)).toBe(id);
});

test('faults are named with what was sent', () => {
  const faults = [
    { name: 'prompt_tokens', value: '12' },
    { name: 'completion_tokens', value: null },
    { name: 'total_tokens', value: undefined },
  ];
  expect(inWords(faults)).toBe('prompt_tokens is "12", completion_tokens is null, total_tokens is absent');
});
