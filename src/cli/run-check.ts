import { catalogueOf } from '../checks/catalogue.ts';
import { exitCodeUnwritten } from '../judge/exit-code.ts';
import { UsageError } from '../model/errors.ts';
import type { Report } from '../model/report.ts';
import { withUniqueNames } from '../model/server-names.ts';
import { shareOf } from '../model/shard.ts';
import { loadReporter } from '../reporters/index.ts';
import { checkServers } from '../run/run.ts';
import { planUnits } from '../run/units.ts';
import { isSpecial, writeWhole } from '../text/write-whole.ts';
import { type CheckFlags, maxDurationOf, settingsOf } from './check-flags.ts';
import { dryRun } from './dry-run.ts';
import { codeOf, complain, shownAsWritten } from './exit.ts';
import { baselineOf, gated } from './gate.ts';
import { interruptible } from './interruptible.ts';
import { type Outputs, outputsOf } from './outputs.ts';
import { planned } from './planned.ts';
import { progressOn } from './progress.ts';
import { withReferences } from './reference-flags.ts';
import { planOf, shardOf } from './shard-choice.ts';
import { reportContext } from './terminal-context.ts';

/** @returns the exit status. @throws UsageError and its like where the command line is wrong */
export async function runCheck(
  urls: readonly string[],
  given: CheckFlags,
  isGiven: (flag: keyof CheckFlags) => boolean,
): Promise<number> {
  if (given.from !== undefined) {
    const { checkFrom } = await import('./check-from.ts');
    return await checkFrom(given.from, urls, given, isGiven);
  }
  const { servers, flags } = planned(urls, given, isGiven);
  const shard = shardOf(flags.shard, process.env, servers.length);
  const settings = settingsOf(flags);
  const maxDurationMs = maxDurationOf(flags);
  const outputs = outputsOf(flags);
  const { apis, suite, selection } = settings;
  const catalogue = catalogueOf(settings.catalogue);
  const selected = planUnits(apis, suite, selection, catalogue).length > 0;
  if (!selected || !catalogue.checks.some(({ id }) => selection.check(id))) {
    throw new UsageError(
      'nothing is selected: --only, --skip, --api and --suite leave no check; see lastchunk list cases',
    );
  }
  const update = flags.updateBaseline ?? false;
  if (update && shard !== null && shard.count > 1)
    throw new UsageError('--update-baseline needs the whole run: leave out --shard');
  const baseline = baselineOf(flags);
  const fleet = withUniqueNames(await withReferences(servers));
  const targets = shard === null ? fleet : shareOf(fleet, shard);
  if (flags.dryRun) {
    process.stdout.write(dryRun(targets, settings));
    return 0;
  }
  const interrupt = interruptible(maxDurationMs);
  const progress = progressOn(process.stderr);
  try {
    const report = await checkServers(targets, {
      ...settings,
      signal: interrupt.signal,
      progress: progress.show,
    });
    progress.clear();
    const held = gated(report, baseline, { update, whole: shard === null || shard.count === 1 });
    const plan = planOf(fleet, flags, baseline?.expected ?? null);
    const part = shard === null ? {} : { shard: { ...shard, servers: fleet.map(({ name }) => name), plan } };
    return await deliver({ ...held, ...part }, outputs, flags.color, flags.verbose ?? false);
  } finally {
    progress.clear();
    interrupt.end();
  }
}

function withUnwritten(report: Report, paths: readonly string[]): Report {
  const remarks = [
    ...(report.remarks ?? []),
    ...paths.map((path) => `${shownAsWritten(path)} could not be written`),
  ];
  return { ...report, remarks, exitCode: exitCodeUnwritten(report.exitCode) };
}

/** Writes the files, then stdout; a file that can't be written is told and counts, the rest is still printed. */
export async function deliver(
  measured: Report,
  outputs: Outputs,
  colour: boolean,
  verbose: boolean,
): Promise<number> {
  const write = async (files: Outputs['files'], report: Report) => {
    const failed: string[] = [];
    for (const { format, path } of files) {
      const render = await loadReporter(format);
      const text = render(report, { ...reportContext(false), width: 100, verbose });
      try {
        writeWhole(path, text);
      } catch (error) {
        complain(new Error(`${path} could not be written (${codeOf(error)}); choose another --output`));
        failed.push(path);
      }
    }
    return failed;
  };
  const failed = await write(outputs.files, measured);
  const report = failed.length === 0 ? measured : withUnwritten(measured, failed);
  // What was written before that was known must say it, too; a pipe or a device has had its text.
  if (failed.length > 0) {
    const again = outputs.files.filter(({ path }) => !failed.includes(path) && !isSpecial(path));
    await write(again, report);
  }
  const render = await loadReporter(outputs.format);
  process.stdout.write(render(report, { ...reportContext(colour), verbose }));
  return report.exitCode;
}
