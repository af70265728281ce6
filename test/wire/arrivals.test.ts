import { expect, test } from 'vitest';
import { Arrivals } from '../../src/wire/arrivals.ts';
import { stream } from './read.ts';

const after = (frames: number) => {
  const arrivals = new Arrivals();
  for (let at = 0; at < frames; at += 1) arrivals.add(at);
  return arrivals;
};

test.each([0, 1, 2, 127, 128])('all of %i times are kept', (frames) => {
  expect(after(frames).list()).toEqual(Array.from({ length: frames }, (_, at) => at));
});

test.each([129, 1000, 100_001])(
  'of %i times few are kept, evenly, the first and the last among them',
  (frames) => {
    const times = after(frames).list();
    expect(after(frames).count).toBe(frames);
    expect(times.length).toBeGreaterThan(60);
    expect(times.length).toBeLessThanOrEqual(129);
    expect([times[0], times.at(-1)]).toEqual([0, frames - 1]);
    const steps = times.slice(1, -1).map((at, i) => at - (times[i] ?? 0));
    expect(new Set(steps).size).toBe(1);
  },
);

test('a stream tells when all of its frames came, those after the end among them', () => {
  const { arrivals, frames } = stream('data: {"a":1}\n\ndata: [DONE]\n\ndata: {"b":1}\n\n');
  expect(frames.length).toBe(2);
  expect([arrivals.count, arrivals.times.length]).toEqual([3, 3]);
});
