import { expect, test } from 'vitest';
import type { Verdict } from '../../src/model/report.ts';
import { gridOf } from '../../src/reporters/shared/grid.ts';
import { sampleReport, sampleResult, sampleServer } from './sample-report.ts';

/** How many cases a cell says came out like its verdict, of how many. */
function shareOf(verdicts: readonly Verdict[]) {
  const results = verdicts.map((verdict, i) =>
    sampleResult('usage-last', `chat/stream/asked/s${i}`, { verdict }),
  );
  const cell = gridOf(sampleReport([sampleServer({ results })]))[0]?.rows[0]?.cells[0];
  return [cell?.verdict, cell?.hits, cell?.of];
}

test.each<readonly [Verdict, number, number, readonly Verdict[]]>([
  ['fail', 1, 1, ['fail']],
  ['fail', 2, 5, ['fail', 'fail', 'warn', 'pass', 'pass', 'error', 'skip']],
  ['warn', 1, 3, ['warn', 'pass', 'pass', 'error', 'error', 'skip']],
  ['pass', 2, 5, ['pass', 'pass', 'error', 'error', 'error', 'skip']],
  ['error', 2, 2, ['error', 'error', 'skip']],
  ['skip', 2, 2, ['skip', 'skip']],
])('%s: %d of %d', (verdict, hits, of, verdicts) => {
  expect(shareOf(verdicts)).toEqual([verdict, hits, of]);
  expect(shareOf(verdicts.toReversed())).toEqual([verdict, hits, of]);
});
