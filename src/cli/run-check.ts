import { checkIds } from '../checks/catalogue.ts';
import { shareOf } from '../plan/shard.ts';
import { planUnits } from '../plan/units.ts';
import type { Report } from '../report/model.ts';
import { loadReporter } from '../report/reporters.ts';
import { checkServers } from '../run/run.ts';
import { withUniqueNames } from '../run/server-names.ts';
import { exitCodeOf } from '../verdicts/exit-code.ts';
import { type CheckFlags, type Outputs, outputsOf, settingsOf } from './check-flags.ts';
import { dryRun } from './dry-run.ts';
import { complain, UsageError } from './exit.ts';
import { baselineOf, gated } from './gate.ts';
import { planned } from './planned.ts';
import { progressOn } from './progress.ts';
import { referenceOf } from './reference-flags.ts';
import { planOf, shardOf } from './shard-choice.ts';
import { reportContext } from './terminal-context.ts';
import { writeWhole } from './write-whole.ts';

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
  const { targets: listed, flags } = planned(urls, given, isGiven);
  const fleet = withUniqueNames(listed);
  const shard = shardOf(flags.shard, process.env, fleet.length);
  const targets = shard === null ? fleet : shareOf(fleet, shard);
  const settings = settingsOf(flags);
  const outputs = outputsOf(flags);
  const selected = planUnits(settings.apis, settings.suite, settings.selection).length > 0;
  if (!selected || !checkIds.some((id) => settings.selection.check(id))) {
    throw new UsageError(
      'nothing is selected: --only, --skip, --api and --suite leave no check; see lastchunk list cases',
    );
  }
  if (flags.dryRun) {
    process.stdout.write(dryRun(targets, settings));
    return 0;
  }
  const reference = await referenceOf(flags);
  const update = flags.updateBaseline ?? false;
  if (update && shard !== null && shard.count > 1)
    throw new UsageError('--update-baseline needs the whole run: leave out --shard');
  const baseline = baselineOf(flags);
  const interrupt = new AbortController();
  const onInterrupt = () => interrupt.abort();
  process.once('SIGINT', onInterrupt).once('SIGTERM', onInterrupt);
  const progress = progressOn(process.stderr);
  try {
    const report = await checkServers(targets, {
      ...settings,
      ...(reference === null ? {} : { reference }),
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
    process.off('SIGINT', onInterrupt).off('SIGTERM', onInterrupt);
  }
}

/** Writes the files, then stdout; a file that can't be written is told and counts, the rest is still printed. */
export async function deliver(
  measured: Report,
  outputs: Outputs,
  colour: boolean,
  verbose: boolean,
): Promise<number> {
  let report = measured;
  for (const { format, path } of outputs.files) {
    try {
      const text = (await loadReporter(format))(report, { ...reportContext(false), width: 100, verbose });
      writeWhole(path, text);
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
      complain(new Error(`${path} could not be written (${code}); choose another --output`));
      report = { ...report, exitCode: exitCodeOf(report, { unwritten: true }) };
    }
  }
  const render = await loadReporter(outputs.format);
  process.stdout.write(render(report, { ...reportContext(colour), verbose }));
  return report.exitCode;
}
