import { expect, test } from 'vitest';
import type { ServerTarget } from '../../src/config/server-target.ts';
import type { Result, ServerReport, Verdict } from '../../src/model/report.ts';
import type { RunOptions } from '../../src/run/options.ts';
import { repeatServer } from '../../src/run/repeat.ts';
import { sampleResult, sampleServer } from '../reporters/sample-report.ts';

const target: ServerTarget = {
  name: 's',
  url: 'http://s',
  model: null,
  headers: {},
  label: null,
  profile: null,
};

const result = (verdict: Verdict, change: Partial<Result> = {}) =>
  sampleResult('usage-present', 'chat/stream/asked/text', { verdict, ...change });

/** Runs that come out as told, from run 1 on. */
async function repeated(repeat: number, run: (n: number) => Partial<ServerReport>, signal?: AbortSignal) {
  const seeds: number[] = [];
  const options = { seed: 40, repeat, progress: () => {}, signal: signal ?? new AbortController().signal };
  const server = await repeatServer(target, options as unknown as RunOptions, async (_target, { seed }) => {
    seeds.push(seed);
    return sampleServer({ halt: null, notes: [], requests: 2, ...run(seeds.length) });
  });
  return { server, seeds };
}

test('a rare fault is seen as what it is', async () => {
  const { server, seeds } = await repeated(200, (n) => ({
    results: [n % 60 === 17 ? result('fail', { observed: `absent in run ${n}` }) : result('pass')],
  }));
  expect(server.results).toEqual([
    result('fail', {
      observed: 'absent in run 17 (fail 4/200, first in run 17 (seed 56))',
      times: { pass: 196, fail: 4, warn: 0, skip: 0, error: 0 },
    }),
  ]);
  expect(server).toMatchObject({ runs: 200, requests: 400 });
  expect([seeds[0], seeds.at(-1), new Set(seeds).size]).toEqual([40, 239, 200]);
});

test('a pass hides no error', async () => {
  const { server } = await repeated(3, (n) => ({
    results: [n === 2 ? result('error', { message: 'timed out' }) : result('pass')],
  }));
  expect(server.results).toMatchObject([{ verdict: 'pass', message: 'error 1/3: timed out' }]);
});

test('what is kept does not grow with the runs', async () => {
  const { server } = await repeated(500, (n) => ({
    notes: [`note ${n}`],
    results: [result('fail', { observed: `absent ${n}`, evidence: { frames: [], curl: `curl ${n}` } })],
  }));
  expect(server.notes).toHaveLength(50);
  expect(server.results).toMatchObject([
    { observed: 'absent 1 (fail 500/500)', evidence: { curl: 'curl 1' } },
  ]);
});

test('a server that goes away ends it, with what was measured until then', async () => {
  const { server, seeds } = await repeated(9, (n) =>
    n === 3
      ? { halt: { kind: 'unreached', message: 'refused' }, product: null, version: null, results: [] }
      : { results: [result('pass')] },
  );
  expect(seeds).toHaveLength(3);
  expect(server).toMatchObject({
    product: 'llama-cpp-python',
    halt: { kind: 'unreached', message: 'refused (run 3 of 9)' },
    results: [{ times: { pass: 2 } }],
  });
});

test('a server that died and was started again goes on', async () => {
  const { seeds, server } = await repeated(3, (n) => ({
    halt: n === 1 ? { kind: 'died', message: 'died' } : null,
    version: n === 3 ? '0.3.0' : '0.2.84',
    results: [result('pass')],
  }));
  expect(seeds).toHaveLength(3);
  expect(server.halt?.message).toBe('died (run 1 of 3)');
  expect(server.notes).toEqual(['version 0.2.84 until run 2, 0.3.0 from then on']);
});

test('an interrupted run is not counted', async () => {
  const interrupt = new AbortController();
  const { server } = await repeated(
    9,
    (n) => {
      if (n === 3) interrupt.abort();
      return { results: [result(n === 3 ? 'error' : 'pass')] };
    },
    interrupt.signal,
  );
  expect(server.results).toMatchObject([{ verdict: 'pass', times: { pass: 2, error: 0 } }]);
});

test('a reference that gave a count in one run is not silent', async () => {
  const silent = { silentReferences: [{ source: 'server' as const, message: 'refused' }] };
  const { server: once } = await repeated(3, (n) => (n === 2 ? {} : silent));
  expect(once.silentReferences).toEqual([]);
  const { server: always } = await repeated(3, () => silent);
  expect(always.silentReferences).toEqual(silent.silentReferences);
});
