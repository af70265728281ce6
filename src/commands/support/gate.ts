/** Holds a report against the baseline, and rewrites the baseline where that was asked for. */
import { BASELINE_FILE, type BaselineFile, readBaseline } from '../../config/baseline-file.ts';
import { type BaselineUpdate, updateBaseline } from '../../config/update-baseline.ts';
import { shownPath } from '../../config/yaml-source.ts';
import { withBaseline } from '../../judge/baseline.ts';
import { exitCodeUnwritten } from '../../judge/exit-code.ts';
import { ConfigError, UsageError } from '../../model/errors.ts';
import type { Report } from '../../model/report.ts';
import { harmless } from '../../text/harmless.ts';
import { writeWhole } from '../../text/write-whole.ts';
import { codeOf, complain, shownAsWritten } from './complain.ts';

/** The baseline of a run, read before anything is sent; null where there is none. @throws ConfigError */
export function baselineOf(baseline: string | false | undefined, update: boolean): BaselineFile | null {
  if (baseline === false && update)
    throw new UsageError('--update-baseline and --no-baseline: leave one out');
  const file = baseline ?? (update ? BASELINE_FILE : false);
  return file === false ? null : readBaseline(file, update);
}

/** @param whole false for one shard of a run */
export function gated(
  report: Report,
  baseline: BaselineFile | null,
  { update, whole }: { readonly update: boolean; readonly whole: boolean },
): Report {
  if (baseline === null) return report;
  const known = { ...report, baselineFile: shownAsWritten(shownPath(baseline.file)) };
  const held = withBaseline(known, baseline.expected, whole);
  if (!update) return held;
  if (report.partial) {
    complain(new Error(`${shownPath(baseline.file)} was not updated: the run did not come to its end`));
    return held;
  }
  const file = shownPath(baseline.file);
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
  return withBaseline(known, updated.expected, whole);
}
