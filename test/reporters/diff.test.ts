import { expect, test } from 'vitest';
import { diffReports } from '../../src/judge/diff.ts';
import type { Report, Result, ServerReport, Verdict } from '../../src/model/report.ts';
import { renderDiff } from '../../src/reporters/table/diff.ts';
import { hostile, invisible } from './hostile.ts';
import { hostileReport, sampleReport, sampleResult, sampleServer } from './sample-report.ts';

const of = (check: string, verdict: Verdict, change: Partial<Result> = {}) =>
  sampleResult(check, 'chat/stream/asked/text', { verdict, ...change });

function server(results: readonly Result[], change: Partial<ServerReport> = {}): ServerReport {
  return sampleServer({ name: 's', results, ...change });
}

const diff = (a: readonly Result[], b: readonly Result[]) =>
  diffReports(sampleReport([server(a)]), sampleReport([server(b)]), []);

test.each([
  ['pass', 'fail', 'newlyFailing', true],
  ['skip', 'fail', 'newlyFailing', true],
  [null, 'fail', 'newlyFailing', true],
  ['fail', 'pass', 'mended', false],
  ['fail', 'warn', 'mended', false],
  ['fail', 'skip', 'noLongerJudged', false],
  ['pass', 'error', 'noLongerJudged', false],
  ['fail', 'fail', 'stillFailing', false],
  ['pass', 'warn', 'otherwise', false],
  ['error', 'pass', 'otherwise', false],
  [null, 'pass', 'new', false],
  ['pass', null, 'gone', false],
] as const)('%s, then %s: %s', (was, is, kind, regression) => {
  const found = diff(was ? [of('usage-last', was)] : [], is ? [of('usage-last', is)] : []);
  expect(found.regression).toBe(regression);
  expect(found.servers[0]?.[kind]).toMatchObject([{ check: 'usage-last', was, is }]);
});

test.each([
  ['pass', 'warn', 'newlyFailing', true],
  ['warn', 'fail', 'newlyFailing', true],
  ['fail', 'warn', 'mended', false],
] as const)('where warnings fail the later run, %s, then %s: %s', (was, is, kind, regression) => {
  const report = (verdict: Verdict) =>
    sampleReport([server([of('usage-last', verdict)])], { failOn: 'warn' });
  const found = diffReports(report(was), report(is), []);
  expect(found.regression).toBe(regression);
  expect(found.servers[0]?.[kind]).toMatchObject([{ was, is }]);
});

test('what the baseline lists is no regression', () => {
  const found = diff([of('usage-last', 'pass')], [of('usage-last', 'fail', { baselined: true })]);
  expect(found).toMatchObject({ regression: false, servers: [{ otherwise: [{ is: 'fail' }] }] });
});

test('a server that could be judged and no longer can be at all is told', () => {
  expect(diff([of('usage-last', 'pass')], [of('usage-last', 'error')]).unjudged).toBe(true);
  expect(diff([of('usage-last', 'error')], [of('usage-last', 'error')]).unjudged).toBe(false);
});

test('a fault that a profile accepts is not mended', () => {
  const accepted = of('usage-last', 'warn', { lowered: { reason: 'meant', link: 'https://a.example' } });
  expect(diff([of('usage-last', 'fail')], [accepted]).servers).toMatchObject([
    { mended: [], otherwise: [{ was: 'fail', is: 'warn' }] },
  ]);
});

test('runs that differ, and one that was interrupted, are told', () => {
  const report = (change: Partial<Report>) => sampleReport([server([of('usage-last', 'pass')])], change);
  const found = diffReports(report({ suite: 'smoke' }), report({ suite: 'full', partial: true }), []);
  expect(found).toMatchObject({
    notes: ['suite smoke → full', 'the second run was interrupted'],
    regression: false,
    unjudged: true,
  });
  const halt = { kind: 'out-of-time', message: 'over' } as const;
  const late = sampleReport([server([of('usage-last', 'pass')], { halt })], { partial: true });
  expect(diffReports(report({}), late, []).notes).toEqual(['the second run was out of time']);
  const text = renderDiff(found, { width: 80, colour: false, verbose: false });
  expect(text).toMatch(/^not the same run: suite smoke → full\n/);
  expect(text).toContain('not all could be judged; 0 newly failing');
});

test('servers are matched by name, by --match, or not at all', () => {
  const a = sampleReport([server([], { name: 'old' }), server([], { name: 'same' })]);
  const b = sampleReport([server([], { name: 'new', version: '0.3.0' }), server([], { name: 'same' })]);
  const plain = diffReports(a, b, []);
  expect(plain.servers.map(({ a: { name } }) => name)).toEqual(['same']);
  expect([plain.onlyA, plain.onlyB]).toMatchObject([[{ name: 'old' }], [{ name: 'new' }]]);
  for (const name of ['new', 'llama-cpp-python 0.3.0']) {
    const matched = diffReports(a, b, [['old', name]]);
    expect(matched.servers.map((one) => [one.a.name, one.b.name])).toEqual([
      ['old', 'new'],
      ['same', 'same'],
    ]);
  }
  expect(() => diffReports(a, b, [['older', 'new']])).toThrow('the first report has no server "older"');
  const other = sampleReport([server([], { name: 'x' })]);
  expect(() => diffReports(a, other, [])).toThrow('write --match A=B (first: "old", "same"; second: "x")');
  const twins = sampleReport([server([]), server([], { version: '0.3.0' })]);
  expect(() => diffReports(twins, twins, [])).toThrow('several servers "s"');
});

test('the text', () => {
  const absent = { observed: 'absent in all 14 events' };
  const a = server([
    of('usage-present', 'pass'),
    of('usage-once', 'fail', { observed: 'repeated: 5 times' }),
    of('usage-last', 'pass'),
    of('stream-end', 'fail', { observed: 'missing' }),
  ]);
  const b = server(
    [
      of('usage-present', 'fail', absent),
      sampleResult('usage-present', 'chat/stream/asked/short', { verdict: 'fail', ...absent }),
      of('usage-once', 'pass'),
      of('usage-last', 'skip', { message: 'usage-present: did not hold here' }),
      of('stream-end', 'fail', { observed: 'missing' }),
    ],
    { version: '0.2.87', requests: 90 },
  );
  const found = diffReports(sampleReport([a]), sampleReport([b]), []);
  expect(renderDiff(found, { width: 100, colour: false, verbose: false })).toMatchInlineSnapshot(`
    "llama-cpp-python 0.2.84 (s)  →  llama-cpp-python 0.2.87 (s)
    pass                       2      1
    fail                       2      3
    skip                       0      1
    requests                  96     90
    took                   2.1 s  2.1 s
    waited for the server  2.0 s  2.0 s

    Newly failing (2)
    ✗  usage-present in chat/stream/asked/text: pass → fail (absent in all 14 events)
    ✗  usage-present in chat/stream/asked/short: nothing → fail (absent in all 14 events)

    Mended (1)
    ✓  usage-once in chat/stream/asked/text: fail (repeated: 5 times) → pass

    No longer judged (1)
    ?  usage-last in chat/stream/asked/text: pass → skip (usage-present: did not hold here)

    1 fail as before (--verbose)

    2 newly failing, 1 mended
    "
  `);
});

test('whatever a server says, nothing invisible is printed', () => {
  const report = hostileReport(hostile);
  const [first, ...rest] = report.servers;
  const mended = first
    ? [{ ...first, results: first.results.map((one) => ({ ...one, verdict: 'skip' as const })) }]
    : [];
  const found = diffReports(report, { ...report, servers: [...mended, ...rest] }, []);
  const text = renderDiff(found, { width: 100, colour: false, verbose: true });
  expect(text).toContain('No longer judged');
  expect(text.replaceAll('\n', '')).not.toMatch(invisible);
});

test('what one reason kept from being judged is one line', () => {
  const ids = ['usage-last', 'usage-once'];
  const reason = 'usage-present: was not judged (request-answered: was not judged (refused: n))';
  const found = diff(
    ids.map((id) => of(id, 'pass')),
    ids.map((id, i) => of(id, 'skip', { message: i === 0 ? 'refused: n' : reason })),
  );
  const text = (verbose: boolean) => renderDiff(found, { width: 80, colour: false, verbose });
  expect(text(false)).toContain('\n?  2 checks in chat/stream/asked/text: pass → skip (refused: n)\n');
  for (const id of ids)
    expect(text(true)).toContain(`\n?  ${id} in chat/stream/asked/text: pass → skip (refused: n)\n`);
});
