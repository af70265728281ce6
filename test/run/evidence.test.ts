/** A stream that fails is shown with when all of its frames came, and which of them the shown ones are. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { readRecording } from '../../src/recordings/recording.ts';
import { runRecording } from '../../src/run/run-recording.ts';

test('shown frames have their place in the stream, and its times', async () => {
  const folder = fileURLToPath(new URL('../../fixtures/recordings/llama-cpp-python-0.3.36', import.meta.url));
  const { server } = await runRecording(readRecording(folder), { strict: false });
  const broken = server.results.filter(({ check }) => check === 'usage-present');
  const shown = broken.flatMap(({ verdict, evidence }) => (verdict === 'fail' && evidence ? [evidence] : []));
  expect(shown.length).toBeGreaterThan(10);
  for (const { frames, arrivals = { count: 0, times: [] } } of shown) {
    expect(frames.at(-1)?.number).toBe(arrivals.count);
    expect(arrivals.times.at(-1)).toBeCloseTo(frames.at(-1)?.at ?? Number.NaN, 0);
    // Of the one that took no notice of its limit they are thinned out.
    if (arrivals.times.length < arrivals.count) expect(arrivals.count).toBeGreaterThan(128);
    else for (const { at, number = 0 } of frames) expect(arrivals.times[number - 1]).toBeCloseTo(at, 0);
  }
});
