import { withBaseline } from '../../judge/baseline.ts';
import type { ExpectedFailure, ServerReport } from '../../model/report.ts';
import { headlines } from '../../reporters/shared/headline-text.ts';
import { wrapToColumns } from '../../reporters/table/columns.ts';
import { reportOf } from '../../run/run.ts';
import { reportContext } from './terminal-context.ts';

/** A line with what the plain requests of a server have shown. @param known failures that the baseline lists */
export function headlineSoFar(
  server: ServerReport,
  options: Parameters<typeof reportOf>[1],
  known: readonly ExpectedFailure[],
): string {
  const report = reportOf([server], options, { startedAt: new Date(), durationMs: 0 });
  const [sentence = ''] = headlines(withBaseline(report, known, false), reportContext(false).words);
  return wrapToColumns(`so far: ${sentence}`, (process.stderr.columns ?? 80) - 1)
    .map((line) => `${line}\n`)
    .join('');
}
