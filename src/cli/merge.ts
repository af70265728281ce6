import { mergeReports } from '../judge/merge.ts';
import type { CheckFlags } from './check-flags.ts';
import { outputsOf } from './outputs.ts';
import { readReport } from './read-report.ts';
import { deliver } from './run-check.ts';

export type MergeFlags = Pick<CheckFlags, 'format' | 'output' | 'verbose' | 'color'>;

/** Makes one report of several. @returns its exit status. @throws UsageError, MergeError */
export async function merge(files: readonly string[], flags: MergeFlags): Promise<number> {
  const outputs = outputsOf(flags);
  const parts = files.map((file) => ({ file, report: readReport(file) }));
  return deliver(mergeReports(parts), outputs, flags.color, flags.verbose ?? false);
}
