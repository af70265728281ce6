/** Holds a report against the baseline, and rewrites the baseline where that was asked for. */
import type { BaselineFile } from '../../config/baseline-file.ts';
import { shownPath } from '../../config/shown-place.ts';
import type { BaselineUpdate } from '../../config/update-baseline.ts';
import { withBaseline } from '../../judge/baseline.ts';
import { exitCodeUnwritten } from '../../judge/exit-code.ts';
import { ConfigError, UsageError } from '../../model/errors.ts';
import type { Report } from '../../model/report.ts';
import { harmless } from '../../text/harmless.ts';
import { writeWhole } from '../../text/write-whole.ts';
import { codeOf, complain } from './complain.ts';

/** The baseline of a run, read before anything is sent; null where there is none. @throws ConfigError */
export async function baselineOf(
  baseline: string | false | undefined,
  update: boolean,
): Promise<BaselineFile | null> {
  if (baseline === false && update)
    throw new UsageError('--update-baseline and --no-baseline: leave one out');
  if (baseline === false || (baseline === undefined && !update)) return null;
  const { BASELINE_FILE, readBaseline } = await import('../../config/baseline-file.ts');
  return readBaseline(baseline ?? BASELINE_FILE, update);
}

/** @param whole false for one shard of a run */
export async function gated(
  report: Report,
  baseline: BaselineFile | null,
  { update, whole }: { readonly update: boolean; readonly whole: boolean },
): Promise<Report> {
  if (baseline === null) return report;
  const held = withBaseline(report, baseline.expected, whole);
  if (!update) return held;
  if (report.partial) {
    complain(new Error(`${shownPath(baseline.file)} was not updated: the run did not come to its end`));
    return held;
  }
  const file = shownPath(baseline.file);
  const { updateBaseline } = await import('../../config/update-baseline.ts');
  let updated: BaselineUpdate;
  try {
    updated = updateBaseline(baseline, held);
    if (baseline.isNew || updated.text !== baseline.source.text) writeWhole(baseline.file, updated.text);
  } catch (error) {
    const unwritten = new Error(`${file} could not be written (${codeOf(error)}); choose another --baseline`);
    complain(error instanceof ConfigError ? error : unwritten);
    return { ...held, exitCode: exitCodeUnwritten(held.exitCode) };
  }
  const changes =
    updated.changes.length > 0
      ? updated.changes
      : [baseline.isNew ? 'made; there is nothing to list' : 'nothing to change'];
  process.stderr.write(changes.map((change) => `lastchunk: ${harmless(`${file}: ${change}`)}\n`).join(''));
  return withBaseline(report, updated.expected, whole);
}
