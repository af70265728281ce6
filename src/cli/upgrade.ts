import { setMaxListeners } from 'node:events';
import { everything } from '../plan/selection.ts';
import { compactCases } from '../report/case-list.ts';
import { harmless } from '../report/harmless.ts';
import type { ServerReport } from '../report/model.ts';
import { reportOf } from '../run/run.ts';
import { runVersion, type VersionRun } from '../upgrade/run-version.ts';
import { type Step, stepBetween, verdictOfStep } from '../upgrade/steps.ts';
import { EXIT } from '../verdicts/exit-code.ts';
import { integer, outputsOf } from './check-flags.ts';
import { UsageError } from './exit.ts';
import { type LaunchFlags, recipeOf, sharedSettings, versionsOf } from './launch-flags.ts';
import { progressOn } from './progress.ts';
import { deliver } from './run-check.ts';

export interface UpgradeFlags extends LaunchFlags {
  readonly from?: string;
  readonly to?: string;
  readonly jobs: string;
  readonly keep?: boolean;
  readonly strict?: boolean;
  readonly format: string;
  readonly output?: string[];
  readonly verbose?: boolean;
  readonly color: boolean;
}

function specOf(flags: UpgradeFlags): string {
  if (flags.versions !== undefined) return flags.versions;
  if (flags.from === undefined || flags.to === undefined) {
    throw new UsageError('name the versions: --from 0.2.84 --to 0.2.87, or --versions 0.2.84,0.2.87,latest');
  }
  return `${flags.from},${flags.to}`;
}

/** Runs `work` over the items, at most `atOnce` at a time; results in the order of the items. */
async function inTurns<T, R>(
  items: readonly T[],
  atOnce: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += atOnce) {
    results.push(...(await Promise.all(items.slice(at, at + atOnce).map(work))));
  }
  return results;
}

function told(step: Step): string {
  const lines = (word: string, changes: Step['breaks']) =>
    changes.map(
      ({ check, api, observed, cases }) =>
        `  ${word} ${check} (${api}, ${cases.length} cases): ${harmless(observed, 100)}\n`,
    );
  const unanswered = compactCases(step.unanswered, 4).map(
    (line) => `  not answered any more: ${harmless(line, 200)}\n`,
  );
  return `${step.from} → ${step.to}: ${verdictOfStep(step)}\n${lines('breaks', step.breaks).join('')}${lines('fixes', step.fixes).join('')}${unanswered.join('')}`;
}

/** Checks versions side by side. @returns 1 where a step breaks something, 3 where a version could not be judged */
export async function upgrade(product: string, flags: UpgradeFlags): Promise<number> {
  const recipe = recipeOf(product, flags);
  const outputs = outputsOf(flags);
  const jobs = integer(flags.jobs, '--jobs', 1, 16);
  const interrupt = new AbortController();
  setMaxListeners(64, interrupt.signal);
  const onInterrupt = () => interrupt.abort();
  process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
  const progress = progressOn(process.stderr);
  const startedAt = new Date();
  const begun = performance.now();
  try {
    const versions = await versionsOf(specOf(flags), recipe, flags, interrupt.signal);
    if (versions.length < 2)
      throw new UsageError(`only ${versions.length} version to compare: name two or more`);
    const show = (version: string) => (line: string) =>
      progress.show({ server: `${product} ${version}`, done: 0, of: 1, doing: line });
    const runs = await inTurns(versions, jobs, (version): Promise<VersionRun> => {
      const shared = sharedSettings(flags, interrupt.signal, show(version));
      return runVersion(recipe, version, {
        launch: shared.launch,
        run: { ...shared.run, selection: everything, strict: flags.strict ?? false, progress: progress.show },
        keep: flags.keep ?? false,
      });
    });
    progress.clear();
    const servers = runs.flatMap((run) => (run.kind === 'checked' ? [run.server] : []));
    const { run } = sharedSettings(flags, interrupt.signal, () => {});
    const measured = reportOf(
      servers,
      { ...run, strict: flags.strict ?? false },
      { startedAt, durationMs: performance.now() - begun },
    );
    const unavailable = runs.filter((one) => one.kind === 'unavailable');
    const steps = servers.slice(1).map((to, at) => stepBetween(servers[at] ?? to, to));
    const exitCode = statusOf(measured.partial, steps, servers, unavailable.length, measured.exitCode);
    const report = { ...measured, exitCode };
    const ended = await deliver(report, outputs, flags.color, flags.verbose ?? false);
    const table = outputs.format === 'table' ? process.stdout : process.stderr;
    for (const one of unavailable) {
      const details = one.details.slice(-8).map((line) => `    ${harmless(line, 200)}\n`);
      table.write(
        `\n${product} ${one.version}: not available: ${harmless(one.why, 300)}\n${details.join('')}`,
      );
    }
    table.write(`\n${steps.map(told).join('')}`);
    for (const one of runs)
      if (one.kind === 'checked') table.write(`log of ${product} ${one.version}: ${one.logPath}\n`);
    return ended;
  } finally {
    progress.clear();
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
  }
}

/** What is known to fail in both versions is no reason against the step: only what breaks is. */
function statusOf(
  partial: boolean,
  steps: readonly Step[],
  servers: readonly ServerReport[],
  missing: number,
  exitCode: number,
): number {
  if (partial) return EXIT.interrupted;
  if (steps.some(({ breaks }) => breaks.length > 0)) return EXIT.failed;
  const unjudged = servers.some(({ halt }) => halt?.kind === 'unreached');
  return missing > 0 || unjudged || exitCode === EXIT.unjudged ? EXIT.unjudged : EXIT.ok;
}
