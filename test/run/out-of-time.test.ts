/** A run whose time is over: what was measured is reported, what was not is an error that says so. */
import { once } from 'node:events';
import { expect, onTestFinished, test } from 'vitest';
import { brokenOff } from '../../src/model/broken-off.ts';
import type { RunOptions } from '../../src/run/options.ts';
import { checkServers, reportOf } from '../../src/run/run.ts';
import { runServer } from '../../src/run/run-server.ts';
import type { Habits } from '../servers/habits.ts';
import { startServer } from '../servers/model-server.ts';
import { SETTINGS, targetAt } from './settings.ts';

async function serverWith(habits: Habits = {}): Promise<string> {
  const server = await startServer(habits);
  onTestFinished(() => server.close());
  return server.url;
}

const timeIsOver = new DOMException('after 9 s', 'TimeoutError');

/** The time is over when the server sees its request number `last`, which it leaves unanswered. */
async function runUntil(last: number, habits: Habits = {}, more: Partial<RunOptions> = {}) {
  const clock = new AbortController();
  const url = await serverWith({
    ...habits,
    instead: ({ number }) => {
      if (number < last) return undefined;
      clock.abort(timeIsOver);
      return 'hang';
    },
  });
  const options = { ...SETTINGS, suite: 'standard' as const, ...more, signal: clock.signal };
  return checkServers([targetAt(url)], options);
}

test('what was not measured is an error with the reason; exit 3', async () => {
  const { partial, exitCode, servers, summary } = await runUntil(9);
  expect({ partial, exitCode }).toEqual({ partial: true, exitCode: 3 });
  expect(servers).toMatchObject([{ halt: { kind: 'out-of-time', message: 'after 9 s' } }]);
  expect(summary).toMatchObject({ fail: 0, warn: 0 });
  expect(summary.pass).toBeGreaterThan(0);
  expect(summary.error).toBeGreaterThan(summary.pass);
  const reasons = servers[0]?.results.filter(({ verdict }) => verdict === 'error').map((one) => one.message);
  expect(new Set(reasons)).toEqual(new Set(['after 9 s']));
});

test('what failed by then fails the run', async () => {
  const { partial, exitCode } = await runUntil(20, { mapUsage: () => undefined });
  expect({ partial, exitCode }).toEqual({ partial: true, exitCode: 1 });
});

test('of a repeated run the whole runs count', async () => {
  const { requests } = (await checkServers([targetAt(await serverWith())], SETTINGS)).servers[0] ?? {};
  const { partial, exitCode, servers, summary } = await runUntil(
    3 * (requests ?? 0),
    {},
    {
      suite: 'smoke',
      repeat: 1000,
    },
  );
  expect({ partial, exitCode }).toEqual({ partial: true, exitCode: 3 });
  expect(servers).toMatchObject([{ halt: { kind: 'out-of-time' } }]);
  expect(servers[0]?.runs).toBeGreaterThan(1);
  expect(summary).toMatchObject({ fail: 0, error: 0 });
});

test('a server that was through by then is judged as ever', async () => {
  const clock = new AbortController();
  const options = { ...SETTINGS, signal: clock.signal };
  const quick = await runServer(targetAt(await serverWith()), options);
  clock.abort(timeIsOver);
  const when = { startedAt: new Date(0), durationMs: 1 };
  expect(reportOf([quick], options, when)).toMatchObject({ partial: false, exitCode: 0 });
  const slow = await runServer(targetAt(await serverWith()), options);
  expect(slow).toMatchObject({ requests: 0, halt: { kind: 'out-of-time' } });
  expect(reportOf([quick, slow], options, when)).toMatchObject({ partial: true, exitCode: 3 });
});

test('AbortSignal.timeout() is such an end, any other reason an interruption', async () => {
  const timeout = AbortSignal.timeout(1);
  expect(brokenOff(timeout)).toBeNull();
  await once(timeout, 'abort');
  expect(brokenOff(timeout)?.kind).toBe('out-of-time');
  const interrupted = { kind: 'interrupted', message: 'interrupted' };
  for (const reason of [undefined, 'TimeoutError', new Error('away')])
    expect(brokenOff(AbortSignal.abort(reason))).toEqual(interrupted);
});
