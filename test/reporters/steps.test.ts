/** The verdicts of an upgrade in every format, and what they mean for the exit status. */
import { expect, test } from 'vitest';
import { exitCodeOf } from '../../src/judge/exit-code.ts';
import { type Change, formats, type Report, type Step } from '../../src/model/report.ts';
import { loadReporter } from '../../src/reporters/index.ts';
import { sampleReport, sampleResult, sampleServer } from './sample-report.ts';

const change: Change = {
  check: 'usage-present',
  api: 'chat',
  observed: 'absent: no chunk of 18 has usage',
  cases: ['chat/stream/asked/text', 'chat/stream/asked/short'],
};
const step = (what: Partial<Step>): Step => ({
  from: 'toy 1.0.0',
  to: 'toy 1.1.0',
  verdict: 'safe',
  breaks: [],
  fixes: [],
  warns: [],
  unjudged: [],
  unanswered: [],
  ...what,
});
const broken = step({ verdict: 'breaks 1', breaks: [change] });
const failing = sampleServer({
  results: [sampleResult('usage-present', 'chat/stream/asked/text', { verdict: 'fail' })],
});
const options = { width: 80, colour: false, words: () => undefined };

test.each(formats)('%s tells the step, and the check that it breaks', async (format) => {
  const report: Report = sampleReport([failing], { steps: [broken] });
  const text = (await loadReporter(format))(report, options);
  expect(text).toMatch(/toy 1\.0\.0.{1,20}toy 1\.1\.0|"from": "toy 1\.0\.0"/s);
  expect(text).toContain('breaks');
  expect(text).toContain('usage-present');
});

test('on a terminal it comes last and within the line, below the logs', async () => {
  const launched = { product: 'toy', version: '1.1.0', log: '/cache/logs/toy-1.1.0.log' };
  const report: Report = sampleReport([sampleServer({ launched })], { steps: [broken] });
  const text = (await loadReporter('table'))(report, options);
  const [log, ...rest] = text.trimEnd().split('\n').slice(-3);
  expect(log).toBe('log of toy 1.1.0: /cache/logs/toy-1.1.0.log');
  expect(rest).toEqual([
    'toy 1.0.0 → toy 1.1.0: breaks 1',
    '  breaks usage-present (chat, 2 cases): absent: no chunk of 18 has usage',
  ]);
});

test.each([
  ['breaks', [broken], 1],
  ['fails in both versions', [step({})], 0],
  ['can no longer be judged', [step({ unjudged: [change] })], 3],
  ['breaks and can no longer be judged', [step({ unjudged: [change] }), broken], 1],
] as const)('a step that %s', (_, steps, status) => {
  expect(exitCodeOf({ servers: [failing], partial: false, steps })).toBe(status);
});

test('one version alone is judged as by check', () => {
  expect(exitCodeOf({ servers: [failing], partial: false })).toBe(1);
});
