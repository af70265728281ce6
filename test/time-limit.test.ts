import { expect, it } from 'vitest';
import { withinTime } from '../src/text/time-limit.ts';

it('answers what the work answers, and hands on what it throws', () => {
  const problem = new Error('no');
  expect(withinTime(1000, () => 'done')).toEqual({ value: 'done' });
  expect(() =>
    withinTime(1000, () => {
      throw problem;
    }),
  ).toThrow(problem);
});

it('stops work without an end, again and again', () => {
  for (let round = 0; round < 2; round++) {
    const stopped = withinTime(20, () => {
      for (;;);
    });
    expect(stopped).toBeUndefined();
  }
});
