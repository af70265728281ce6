import { expect, test } from 'vitest';
import { summarise } from '../../src/judge/summary.ts';
import type { Result } from '../../src/model/report.ts';
import { compactCases } from '../../src/reporters/shared/case-list.ts';
import { findingsOf, unjudgedOf } from '../../src/reporters/shared/findings.ts';
import { countsLine } from '../../src/reporters/shared/summary.ts';
import { renderFailures } from '../../src/reporters/table/failures.ts';
import { duration } from '../../src/text/duration.ts';
import {
  fourServers,
  sampleOrder,
  sampleReport,
  sampleResult,
  sampleServer,
  sampleWords,
} from './sample-report.ts';

const options = { width: 80, colour: false, words: sampleWords, order: sampleOrder };

test('one failure seen on three servers in two APIs is told once', () => {
  const findings = findingsOf(fourServers(), 'fail', { words: sampleWords, order: sampleOrder });
  const told = findings.map((finding) => [finding.check, finding.classWord, finding.shares.length]);
  expect(told).toEqual([
    ['usage-present', 'absent', 3],
    ['usage-total', 'contradictory', 1],
    ['stream-end', 'twice', 1],
    ['server-survives', 'died', 1],
  ]);
  const text = renderFailures(fourServers(), options);
  expect(text.match(/usage-present {2}MUST/g)).toHaveLength(1);
  expect(text).toContain('llama-cpp-python 0.2.84, 0.2.87, 0.3.36');
});

test('another class word is another failure', () => {
  const fail = (caseId: string, observed: string): Result =>
    sampleResult('usage-present', caseId, { verdict: 'fail', observed });
  const results = [
    fail('chat/stream/asked/text', 'absent in 3 events'),
    fail('chat/stream/asked/short', 'null in 3 events'),
    fail('chat/stream/asked/stop', 'absent in 9 events'),
  ];
  const findings = findingsOf(sampleReport([sampleServer({ results })]), 'fail', { words: sampleWords });
  expect(findings.map((finding) => finding.shares[0]?.results.length)).toEqual([2, 1]);
});

test('a failure is shown by a result that came twice and has frames', () => {
  const evidence = { frames: [], curl: 'curl x' };
  const results = [
    sampleResult('usage-last', 'chat/stream/asked/text', {
      verdict: 'fail',
      observed: 'late 1',
      confirmed: '-',
    }),
    sampleResult('usage-last', 'chat/stream/asked/short', {
      verdict: 'fail',
      observed: 'late 2',
      confirmed: '1/2',
      evidence,
    }),
    sampleResult('usage-last', 'chat/stream/asked/stop', { verdict: 'fail', observed: 'late 3', evidence }),
  ];
  const report = sampleReport([sampleServer({ results })]);
  expect(findingsOf(report, 'fail', { words: sampleWords })[0]?.shown.result.observed).toBe('late 3');
  expect(renderFailures(report, options)).toContain('2/2 in 1 case; 1/2 (intermittent');
});

test('known failures are left to the remarks', () => {
  const results = [
    sampleResult('usage-last', 'chat/stream/asked/text', {
      verdict: 'fail',
      observed: 'late',
      baselined: true,
    }),
  ];
  expect(renderFailures(sampleReport([sampleServer({ results })]), options)).toBe('');
});

test('errors are folded by server and reason', () => {
  const died = unjudgedOf(fourServers(), 'error');
  expect(died.map(({ title, message }) => `${title.text}: ${message}`)).toEqual([
    'llama-cpp-python 0.2.84: the server died at chat/stream/asked/json',
  ]);
});

test.each([
  [['chat/stream/asked/text'], ['chat/stream/asked/text']],
  [['chat/stream/asked/a', 'chat/stream/asked/b'], ['chat/stream/asked/{a,b}']],
  [['chat/stream/false/text', 'chat/stream/null/text'], ['chat/stream/{false,null}/text']],
  [
    ['a', 'b', 'c', 'd'].map((name) => `chat/stream/asked/${name}`),
    ['chat/stream/asked/{a,b,c,…} (4 cases)'],
  ],
  [
    ['chat/stream/asked/text', 'chat/nonstream/-/text', 'completions/stream/asked/text'],
    ['chat/stream/asked/text', 'chat/nonstream/-/text', 'completions/stream/asked/text'],
  ],
])('%j are said as %j', (ids, lines) => {
  expect(compactCases(ids, 3)).toEqual(lines);
});

test('counts', () => {
  expect(summarise([{ verdict: 'pass' }, { verdict: 'fail' }, { verdict: 'pass' }])).toEqual({
    pass: 2,
    fail: 1,
    warn: 0,
    skip: 0,
    error: 0,
  });
  expect(countsLine({ ...fourServers(), partial: true })).toMatch(
    /^Interrupted: 4 servers: 4 fail \(50 cases; 1 known\), \d+ warn \(\d+ cases\), /,
  );
  expect([12.3, 999.6, 3210, 99_949, 252_000].map(duration)).toEqual([
    '12 ms',
    '1.0 s',
    '3.2 s',
    '99.9 s',
    '4 min 12 s',
  ]);
});
