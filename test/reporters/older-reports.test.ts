/** What an older version wrote says the same in the fields of today. */
import { expect, test } from 'vitest';
import type { Result } from '../../src/model/report.ts';
import { completed } from '../../src/reporters/older-reports.ts';
import { sampleReport, sampleServer } from './sample-report.ts';

function read(change: Partial<Result>): Result | undefined {
  const result: Result = {
    check: 'usage-last',
    case: 'chat/stream/asked/text',
    api: 'chat',
    verdict: 'fail',
    level: 'MUST',
    expected: '',
    observed: '',
    message: '',
    baselined: false,
    ...change,
  };
  return completed(sampleReport([sampleServer({ results: [result] })])).servers[0]?.results[0];
}

test.each([
  ['absent: no chunk has usage', 'absent'],
  ['cut off: before [DONE]', 'cut-off'],
  ['http-500', 'http-500'],
  ['null (fail 3/200)', 'null'],
  ['', undefined],
])('%j was observed: class %j', (observed, id) => {
  expect(read({ observed })?.class).toBe(id);
});

test('a class that is there is kept', () => {
  expect(read({ observed: 'cut off: x', class: 'late' })?.class).toBe('late');
});

test.each([
  ['a: was not judged (b: was not judged (refused: 400))', 'refused: 400'],
  ['a: was not judged (b: did not hold here)', 'b: did not hold here'],
  ['refused: 400', undefined],
])('skipped since %j: cause %j', (message, cause) => {
  expect(read({ verdict: 'skip', message })?.cause).toBe(cause);
});
