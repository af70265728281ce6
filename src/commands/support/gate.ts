/** Holds a report against the baseline, and rewrites the baseline where that was asked for. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { BaselineFile } from '../../config/baseline-file.ts';
import type { LoadedConfig } from '../../config/load-config.ts';
import { shownPath } from '../../config/shown-place.ts';
import type { BaselineUpdate } from '../../config/update-baseline.ts';
import { withBaseline } from '../../judge/baseline.ts';
import { exitCodeUnwritten } from '../../judge/exit-code.ts';
import { ConfigError, UsageError } from '../../model/errors.ts';
import type { Report } from '../../model/report.ts';
import { harmless } from '../../text/harmless.ts';
import { writeWhole } from '../../text/write-whole.ts';
import { codeOf, complain, shownAsWritten } from './complain.ts';

/** Where --update-baseline writes to, and `check` reads from, when nothing else was said: beside the config file. */
const BASELINE_FILE = 'lastchunk-baseline.yaml';

/** The folder of the config file, or else the working directory: where a baseline is found that nobody named. */
export const besideConfig = (config: LoadedConfig | null): string =>
  config === null ? '.' : dirname(config.file);

/**
 * The baseline of a run, read before anything is sent; null where there is none.
 * @param named by a flag or the config file; false: none
 * @param beside folder in which one that nobody named is made, and found, which is told; null: it is not looked for
 * @throws ConfigError
 */
export async function baselineOf(
  named: string | false | undefined,
  update: boolean,
  beside: string | null,
): Promise<BaselineFile | null> {
  if (named === false && update) throw new UsageError('--update-baseline and --no-baseline: leave one out');
  const usual = join(beside ?? '.', BASELINE_FILE);
  const isFound = beside !== null && existsSync(usual);
  const file = named ?? (update || isFound ? usual : false);
  if (file === false) return null;
  const { readBaseline } = await import('../../config/baseline-file.ts');
  const baseline = readBaseline(file, update);
  if (named === undefined && isFound)
    process.stderr.write(
      `lastchunk: known failures from ${harmless(shownPath(baseline.file))} (--no-baseline for none)\n`,
    );
  return baseline;
}

/** @param whole false for one shard of a run */
export async function gated(
  report: Report,
  baseline: BaselineFile | null,
  { update, whole }: { readonly update: boolean; readonly whole: boolean },
): Promise<Report> {
  if (baseline === null) return report;
  const known = { ...report, baselineFile: shownAsWritten(shownPath(baseline.file)) };
  const held = withBaseline(known, baseline.expected, whole);
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
  return withBaseline(known, updated.expected, whole);
}
