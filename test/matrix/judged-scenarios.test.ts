/** A fault that few scenarios show is not said to be gone where these were not asked. */
import { expect, it } from 'vitest';
import { faultsOf } from '../../src/matrix/faults.ts';
import { recordOf } from '../../src/matrix/record-of.ts';
import type { MeasuredRecord } from '../../src/model/record.ts';
import { sampleReport, sampleResult, sampleServer } from '../reporters/sample-report.ts';

const cases = ['text', 'short', 'n2'].map((scenario) => `chat/stream/asked/${scenario}`);

/** A version in which these scenarios were judged by `usage-once`, and in which of them it fails. */
function version(name: string, judged: readonly string[], failing: readonly string[]): MeasuredRecord {
  const results = cases.map((key) => {
    const scenario = key.split('/').at(-1) ?? '';
    if (!judged.includes(scenario))
      return sampleResult('usage-once', key, { verdict: 'skip', message: 'refused' });
    return failing.includes(scenario)
      ? sampleResult('usage-once', key, { verdict: 'fail', class: 'repeated', observed: 'repeated: 2' })
      : sampleResult('usage-once', key);
  });
  const server = sampleServer({ name: `toy ${name}`, product: 'toy', version: name, results });
  const record = recordOf(sampleReport([server]), server);
  if (record?.state !== 'measured') throw new Error('nothing was judged');
  return record;
}

const all = ['text', 'short', 'n2'];

it.each([
  ['was asked, and held', version('2', all, []), 'holds'],
  ['was not asked', version('2', ['text', 'short'], []), 'not-judged'],
  ['failed', version('2', all, ['n2']), 'fails'],
] as const)('where the only scenario that showed it %s', (_said, second, newest) => {
  const [fault] = faultsOf([version('1', all, ['n2']), second], []);
  expect(fault?.newest).toBe(newest);
});

it('where it showed in many, any of the others will do', () => {
  const [fault] = faultsOf([version('1', all, all), version('2', ['text'], [])], []);
  expect(fault?.newest).toBe('holds');
});

it('of a record that does not say what was judged, that is taken for judged', () => {
  const { judged: _judged, ...older } = version('2', ['text', 'short'], []);
  const [fault] = faultsOf([version('1', all, ['n2']), older], []);
  expect(fault?.newest).toBe('holds');
});
