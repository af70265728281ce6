import { catalogueOf } from '../checks/catalogue.ts';
import { findConfig, type LoadedConfig, loadConfig } from '../config/load-config.ts';
import type { Outputs } from '../config/outputs.ts';
import { type PlanFlags, plannedServers, planRun } from '../config/plan.ts';
import { withReferences } from '../config/references.ts';
import { shownPath } from '../config/yaml-source.ts';
import { exitCodeUnwritten } from '../judge/exit-code.ts';
import { UsageError } from '../model/errors.ts';
import type { Report } from '../model/report.ts';
import { withUniqueNames } from '../model/server-names.ts';
import { shareOf } from '../model/shard.ts';
import { loadReporter } from '../reporters/index.ts';
import { checkServers } from '../run/run.ts';
import { planUnits } from '../run/units.ts';
import { harmless } from '../text/harmless.ts';
import { isSpecial, writeWhole } from '../text/write-whole.ts';
import { dryRun } from './dry-run.ts';
import { codeOf, complain, complainAsWritten, shownAsWritten } from './exit.ts';
import { baselineOf, gated } from './gate.ts';
import { interruptible } from './interruptible.ts';
import { progressOn } from './progress.ts';
import { planOf, shardOf } from './shard-choice.ts';
import { reportContext } from './terminal-context.ts';

/** Those that stand on the command line. */
export interface CheckFlags extends PlanFlags {
  readonly from?: string;
  readonly updateBaseline?: boolean;
  readonly shard?: string;
  readonly dryRun?: boolean;
  readonly verbose?: boolean;
  readonly color?: boolean;
  /** A file; false: none, even where one would be found. */
  readonly config?: string | false;
}

/** The config file that was named, or is found; null: none. @throws ConfigError */
export function configFor({ config }: CheckFlags): LoadedConfig | null {
  if (config === false) return null;
  const file = config ?? findConfig(process.cwd());
  if (file === null) return null;
  const loaded = loadConfig(file, process.env);
  complainAsWritten(loaded.asWritten);
  if (config === undefined)
    process.stderr.write(`lastchunk: settings from ${harmless(shownPath(file))} (--no-config for none)\n`);
  return loaded;
}

/** @returns the exit status. @throws UsageError and its like where the command line is wrong */
export async function runCheck(urls: readonly string[], flags: CheckFlags): Promise<number> {
  if (flags.from !== undefined) {
    const { checkFrom } = await import('./check-from.ts');
    return await checkFrom(flags.from, urls, flags);
  }
  const config = configFor(flags);
  const servers = plannedServers(urls, flags, config);
  const shard = shardOf(flags.shard, process.env, servers.length);
  const plan = planRun(flags, config);
  const { run: settings, outputs } = plan;
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
  const baseline = baselineOf(plan.baseline, update);
  const fleet = withUniqueNames(await withReferences(servers));
  const targets = shard === null ? fleet : shareOf(fleet, shard);
  if (flags.dryRun) {
    process.stdout.write(dryRun(targets, settings));
    return 0;
  }
  const interrupt = interruptible(plan.maxDurationMs);
  const progress = progressOn(process.stderr);
  try {
    const report = await checkServers(targets, {
      ...settings,
      signal: interrupt.signal,
      progress: progress.show,
    });
    progress.clear();
    const held = gated(report, baseline, { update, whole: shard === null || shard.count === 1 });
    const part =
      shard === null
        ? {}
        : {
            shard: {
              ...shard,
              servers: fleet.map(({ name }) => name),
              plan: planOf(fleet, plan.settings, baseline?.expected ?? null),
            },
          };
    return await deliver({ ...held, ...part }, outputs, flags.color ?? true, flags.verbose ?? false);
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
