import { expect, test } from 'vitest';
import { coversServer, withBaseline } from '../../src/judge/baseline.ts';
import type { ExpectedFailure, Report, ServerReport, Verdict } from '../../src/model/report.ts';
import { renderJunit } from '../../src/reporters/junit/junit.ts';
import { sampleReport, sampleResult, sampleServer } from '../reporters/sample-report.ts';

const entry: ExpectedFailure = {
  product: 'llama-cpp-python',
  versions: '>=0.2.84 <0.4.0',
  check: 'usage-present',
  case: 'chat/stream/asked/*',
  reason: 'upstream issue',
};

const scenarios = ['text', 'short', 'natural'];

/** A server whose usage-present came out like this in text, short and natural. */
function server(verdicts: readonly Verdict[], change: Partial<ServerReport> = {}): ServerReport {
  const results = verdicts.map((verdict, i) =>
    sampleResult('usage-present', `chat/stream/asked/${scenarios[i]}`, { verdict }),
  );
  return sampleServer({ results, ...change });
}

function held(servers: readonly ServerReport[], change: Partial<ExpectedFailure> = {}, whole = true): Report {
  return withBaseline(sampleReport(servers), [{ ...entry, ...change }], whole);
}

const baselined = (report: Report) =>
  report.servers.flatMap(({ results }) => results.map((result) => result.baselined));

test('a listed failure is known and does not fail the run; the verdict stays', () => {
  const report = held([server(['fail', 'fail', 'pass'])]);
  expect(baselined(report)).toEqual([true, true, false]);
  expect(report.servers[0]?.results[0]?.verdict).toBe('fail');
  expect(report).toMatchObject({ exitCode: 0, baseline: [{ judged: 3, failed: 2, state: 'holds' }] });
  expect(report.remarks).toBeUndefined();
});

test.each([
  ['another case', { case: 'chat/stream/asked/{short,natural}' }],
  ['another check', { check: 'usage-once' }],
  ['another product', { product: 'vllm' }],
  ['another version', { versions: '<0.2.84' }],
])('a failure that is listed for %s fails the run', (_what, change) => {
  const report = held([server(['fail'])], change);
  expect(baselined(report)).toEqual([false]);
  expect(report.exitCode).toBe(1);
});

test('an entry that covers what was judged and nothing failed is stale', () => {
  const report = held([server(['pass', 'warn'])]);
  expect(report).toMatchObject({ exitCode: 1, baseline: [{ state: 'stale' }] });
  expect(report.remarks).toEqual([
    'stale in the baseline: usage-present in chat/stream/asked/* of llama-cpp-python >=0.2.84 <0.4.0: 2 cases were judged and none failed; take it out, or run with --update-baseline',
  ]);
  expect(renderJunit(report, { words: () => undefined })).toContain(
    '<failure message="stale in the baseline',
  );
});

test.each([
  ['it is flaky', ['pass'], { flaky: true }, 'holds'],
  ['nothing was judged', ['skip', 'error'], {}, 'unused'],
  ['it covers another version', ['pass'], { versions: '0.1.0' }, 'unused'],
  ['it covers another case', ['pass'], { case: 'completions/*' }, 'unused'],
] as const)('it is not stale where %s', (_what, verdicts, change, state) => {
  expect(held([server(verdicts)], change)).toMatchObject({ baseline: [{ state }] });
});

test('whether it is stale is not told where some of what it covers erred', () => {
  expect(held([server(['pass', 'error'])])).toMatchObject({
    exitCode: 0,
    baseline: [{ state: 'open', erred: 1 }],
  });
});

test('whether it is stale is not told by one shard, nor by an interrupted run', () => {
  expect(held([server(['pass'])], {}, false)).toMatchObject({ exitCode: 0, baseline: [{ state: 'open' }] });
  const partial = sampleReport([server(['pass'])], { partial: true });
  expect(withBaseline(partial, [entry], true)).toMatchObject({
    exitCode: 130,
    baseline: [{ state: 'open' }],
  });
});

test('one version that fails keeps an entry from being stale, another that does not', () => {
  const report = held([server(['pass']), server(['fail'], { version: '0.3.0' })]);
  expect(report).toMatchObject({ exitCode: 0, baseline: [{ state: 'holds' }] });
});

test('an entry holds on its last day, and fails the run from the next on', () => {
  expect(held([server(['fail'])], { expires: '2026-01-02' }).exitCode).toBe(0);
  const report = held([server(['fail'])], { expires: '2026-01-01' });
  expect(baselined(report)).toEqual([false]);
  expect(report).toMatchObject({ exitCode: 1, baseline: [{ state: 'expired' }] });
  expect(held([server(['pass'])], { expires: '2026-01-01', flaky: true }).exitCode).toBe(1);
  expect(report.remarks?.[0]).toContain('expired in the baseline on 2026-01-01: usage-present');
});

test.each([
  ['llama.cpp', 'b11549', '>=0.0.11000 <0.0.12000', true],
  ['llama.cpp', 'b11549', 'b11549', true],
  ['llama.cpp', 'b11549', 'b11550', false],
  ['llama.cpp', null, '*', false],
  ['llama.cpp', null, undefined, true],
  ['llama-cpp-python', '0.2.84', '0.2.84', true],
  ['llama-cpp-python', '0.2.87', '0.2.84', false],
  ['my-server', '1.4', '1.x', true],
  ['my-server', '1.4', '1.4.1', false],
  ['my-server', '1.4.7', '1.4', true],
  ['my-server', '1.4', 'v1.4.0', true],
  ['my-server', '0.3.0rc1', '0.3.0', false],
  ['my-server', '0.3.0', '0.3.0rc1', false],
  ['my-server', '1.0.0', '1.0.0-dev', false],
  ['my-server', '1.0.0-dev', '1.0.0-dev', true],
  ['my-server', '1.2.3+b6', '1.2.3+b5', false],
  ['my-server', '0.17.4-rc1', '<=0.17.4-rc1', true],
  ['my-server', '0.17.4-rc1', '=0.17.4-rc1', true],
  ['my-server', '0.17.4-rc1', '>=0.17.3', true],
  ['my-server', '0.17.4-rc1', '<0.17.4', false],
  ['my-server', '0.17.4-rc1', '>=0.17.4', false],
  ['my-server', '0.17.4rc1', '=0.17.4', false],
  ['vllm', '0.32.0+cpu', '>=0.32.0', true],
  ['my-server', '2026.10.11549', '>=2026.10 <2026.11', true],
  ['my-server', '2026.4.8672.2', '2026.4.8672', false],
  ['my-server', 'b11549', '>=b11000 <b12000', true],
  ['llama.cpp', 'b12000', '>=b11000 <b12000', false],
])('%s %s and the versions %s: %s', (product, version, versions, covered) => {
  const { versions: _, ...rest } = { ...entry, product };
  expect(
    coversServer({ ...rest, ...(versions ? { versions } : {}) }, sampleServer({ product, version })),
  ).toBe(covered);
});

test('an unknown product is named by the name of the server', () => {
  const unknown = { product: null, version: null, name: 'staging' };
  const { versions: _, ...anyVersion } = entry;
  const listed = [{ ...anyVersion, product: 'staging' }];
  expect(baselined(withBaseline(sampleReport([server(['fail'], unknown)]), listed, true))).toEqual([true]);
  const labelled = server(['fail'], { ...unknown, product: 'my-server' });
  expect(baselined(withBaseline(sampleReport([labelled]), listed, true))).toEqual([true]);
  const known = server(['fail'], { ...unknown, product: 'vllm' });
  expect(baselined(withBaseline(sampleReport([known]), listed, true))).toEqual([false]);
  const other = server(['fail'], { ...unknown, name: 'other' });
  expect(baselined(withBaseline(sampleReport([other]), listed, true))).toEqual([false]);
});
