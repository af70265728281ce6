import { expect, test } from 'vitest';
import { withBaseline } from '../../src/judge/baseline.ts';
import { mergeReports } from '../../src/judge/merge.ts';
import type { ExpectedFailure, Report, Verdict } from '../../src/model/report.ts';
import { sampleReport, sampleResult, sampleServer } from './sample-report.ts';

const names = ['a', 'b', 'c'];
const entry: ExpectedFailure = {
  product: 'llama-cpp-python',
  check: 'usage-present',
  case: 'chat/*',
  reason: 'known',
};

const server = (name: string, verdict: Verdict = 'pass') =>
  sampleServer({ name, results: [sampleResult('usage-present', 'chat/stream/asked/text', { verdict })] });

function shard(
  index: number,
  servers: Report['servers'],
  change: Partial<Report> = {},
  baseline?: ExpectedFailure[],
) {
  const plan = { index, count: 2, servers: names, plan: 'p' };
  const report = sampleReport(servers, { shard: plan, ...change });
  return { file: `${index}.json`, report: baseline ? withBaseline(report, baseline, false) : report };
}

const first = (change: Partial<Report> = {}) => shard(1, [server('a'), server('c')], change);
const second = (change: Partial<Report> = {}) => shard(2, [server('b')], change);

test('all shards make one report, in the order of the fleet', () => {
  const merged = mergeReports([
    second({ startedAt: '2026-01-02T03:04:10.000Z', durationMs: 1000, seed: 7, remarks: ['said'] }),
    first({ durationMs: 2000, exitCode: 3, remarks: ['said'] }),
  ]);
  expect(merged.servers.map(({ name, seed }) => [name, seed])).toEqual([
    ['a', undefined],
    ['b', 7],
    ['c', undefined],
  ]);
  expect(merged).toMatchObject({
    startedAt: '2026-01-02T03:04:05.000Z',
    durationMs: 6000,
    seed: 42,
    summary: { pass: 3 },
    exitCode: 0,
    remarks: ['said'],
  });
  expect(merged.shard).toBeUndefined();
});

test('one exit code: the worst there is', () => {
  const failing = shard(2, [server('b', 'fail')]);
  expect(mergeReports([first(), failing]).exitCode).toBe(1);
  expect(mergeReports([first({ partial: true }), failing])).toMatchObject({ partial: true, exitCode: 130 });
});

test.each([
  [
    'the same shard twice',
    () => [first(), second(), { ...second(), file: 'x.json' }],
    '2.json and x.json are the same shard, 2',
  ],
  ['a missing shard', () => [first()], 'of 2 shards one is missing: 2'],
  ['another suite', () => [first(), second({ suite: 'full' })], 'another suite (standard, full)'],
  [
    'another tool',
    () => [first(), second({ tool: { name: 'lastchunk', version: '9' } })],
    'another version of lastchunk (0.1.0, 9)',
  ],
  ['another catalogue', () => [first(), second({ catalogue: 2 })], 'another catalogue'],
  [
    'another number of shards',
    () => [first(), second({ shard: { index: 2, count: 3, servers: names, plan: 'p' } })],
    'number of shards (2, 3)',
  ],
  [
    'another plan',
    () => [first(), second({ shard: { index: 2, count: 2, servers: names, plan: 'q' } })],
    'another plan',
  ],
  [
    'a shard and a whole run',
    () => [first(), { file: 'w.json', report: sampleReport([server('b')]) }],
    'number of shards (2, none)',
  ],
  [
    'a server twice',
    () => ['x', 'y'].map((file) => ({ file, report: sampleReport([server('a')]) })),
    'x and y both have the server "a"',
  ],
  ['nothing', () => [], 'nothing to merge'],
])('%s is refused', (_what, parts, message) => {
  expect(() => mergeReports(parts())).toThrow(message);
});

test('whole runs about different servers, or versions, are merged too', () => {
  const old = sampleReport([sampleServer({ name: 'a', version: '0.2.84' })]);
  const next = sampleReport([sampleServer({ name: 'a', version: '0.2.87' })]);
  const merged = mergeReports([
    { file: 'x', report: old },
    { file: 'y', report: next },
  ]);
  expect(merged.servers.map(({ version }) => version)).toEqual(['0.2.84', '0.2.87']);
});

test('an entry of the baseline is stale only where no shard failed', () => {
  const passing = shard(1, [server('a')], {}, [entry]);
  const failing = shard(2, [server('b', 'fail')], {}, [entry]);
  expect(passing.report).toMatchObject({ exitCode: 0, baseline: [{ state: 'open' }] });
  expect(mergeReports([passing, failing])).toMatchObject({
    exitCode: 0,
    baseline: [{ judged: 2, failed: 1, state: 'holds' }],
  });
  const mended = mergeReports([passing, shard(2, [server('b')], {}, [entry])]);
  expect(mended).toMatchObject({ exitCode: 1, baseline: [{ state: 'stale' }] });
  expect(mended.remarks?.[0]).toContain('2 cases were judged and none failed');
});

test('two versions at one address have names of their own', () => {
  const version = (number: string) =>
    sampleReport([sampleServer({ name: 'a', version: number, results: [] })]);
  const parts = ['1.0', '1.1', '1.2'].map((number) => ({ file: number, report: version(number) }));
  const { servers } = mergeReports(parts);
  expect(servers.map(({ name, version }) => [name, version])).toEqual([
    ['a', '1.0'],
    ['a (2)', '1.1'],
    ['a (3)', '1.2'],
  ]);
});
