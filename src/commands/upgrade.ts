import type { Command } from 'commander';
import { integer } from '../config/flags.ts';
import { planRun } from '../config/plan.ts';
import { EXIT, exitCodeOf, exitCodeUnwritten } from '../judge/exit-code.ts';
import { stepBetween } from '../judge/steps.ts';
import { LaunchError, SHOWN_LINES } from '../launch/errors.ts';
import { brokenOff } from '../model/broken-off.ts';
import { UsageError } from '../model/errors.ts';
import type { FailOn, Halt, ServerReport, Step } from '../model/report.ts';
import { concernIn } from '../reporters/shared/headline-text.ts';
import { renderSteps } from '../reporters/table/terminal.ts';
import { reportOf } from '../run/run.ts';
import type { VersionRun } from '../run/run-version.ts';
import { harmless } from '../text/harmless.ts';
import type { Action } from './support/action.ts';
import { endedEarly } from './support/complain.ts';
import { deliver } from './support/deliver.ts';
import { baselineOf, gated } from './support/gate.ts';
import { interruptible } from './support/interruptible.ts';
import { versionsOf } from './support/launch-flags.ts';
import { addLaunchOptions } from './support/launch-options.ts';
import { launchProgress } from './support/launch-progress.ts';
import { type LaunchingFlags, launching, runTold } from './support/launching.ts';
import { addReportOptions, addSelectionOptions } from './support/shared-options.ts';
import { launchOf } from './support/start-again.ts';
import { reportContext } from './support/terminal-context.ts';

export interface UpgradeFlags extends LaunchingFlags {
  readonly from?: string;
  readonly to?: string;
  readonly jobs: string;
  readonly keep?: boolean;
  readonly updateBaseline?: boolean;
  readonly verbose?: boolean;
  readonly color: boolean;
}

function specOf({ versions, from, to }: UpgradeFlags): string {
  if (versions !== undefined) {
    if (from !== undefined || to !== undefined)
      throw new UsageError('--versions and --from, --to: write one or the other');
    return versions;
  }
  if (from === undefined || to === undefined) {
    throw new UsageError('name the versions: --from 0.2.84 --to 0.2.87, or --versions 0.2.84,0.2.87,latest');
  }
  return `${from},${to}`;
}

/** Runs `work` over the items, at most `atOnce` at a time; results in the order of the items. */
async function atMost<T, R>(
  atOnce: number,
  items: readonly T[],
  work: (item: T) => Promise<R>,
): Promise<readonly R[]> {
  const results = new Map<T, R>();
  const queue = [...items];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) {
      results.set(
        item,
        await work(item).catch((error: unknown) => {
          queue.length = 0; // nobody will read what the others find
          throw error;
        }),
      );
    }
  };
  const workers = await Promise.allSettled(Array.from({ length: atOnce }, worker));
  for (const one of workers) if (one.status === 'rejected') throw one.reason;
  return items.flatMap((item) => results.get(item) ?? []);
}

const isBrokenOff = (halt: Halt | null) => halt?.kind === 'interrupted' || halt?.kind === 'out-of-time';

/** Each version that was measured against the one before it that was. */
function stepsBetween(servers: readonly ServerReport[], failOn: FailOn): readonly Step[] {
  const measured = servers.filter(
    ({ results, halt }) => results.length > 0 && halt?.kind !== 'unreached' && !isBrokenOff(halt),
  );
  return measured
    .slice(1)
    .map((to, at) => stepBetween(measured[at] ?? to, to, failOn, concernIn(reportContext(false).words)));
}

/** Why versions are not available, with the last lines of their logs: not every format has room for that. */
function unavailable(runs: readonly VersionRun[]): string {
  const lines = runs.flatMap((run): readonly string[] => {
    if (run.kind === 'checked' || isBrokenOff(run.server.halt)) return [];
    const details = run.details.slice(-SHOWN_LINES).map((line) => `    ${harmless(line, 200)}`);
    return [`${run.server.name}: not available: ${harmless(run.why, 300)}`, ...details];
  });
  return lines.map((line) => `${line}\n`).join('');
}

/** Servers that were left up: how to reach and to end them. */
function leftUp(runs: readonly VersionRun[]): string {
  const lines = runs.flatMap((run) => {
    if (run.kind !== 'checked' || run.kept === null) return [];
    const { baseUrl, pid } = run.kept;
    return [`${run.server.name} is left up at ${baseUrl}; end it with: kill -- -${pid}`];
  });
  return lines.map((line) => `${line}\n`).join('');
}

/** Checks versions side by side. @returns the exit status: 1 where a step breaks something, 3 where a version could not be judged */
export async function upgrade(product: string, flags: UpgradeFlags): Promise<number> {
  const spec = specOf(flags);
  const plan = await planRun(flags);
  const { outputs } = plan;
  const interrupt = interruptible(plan.maxDurationMs);
  const progress = launchProgress(process.stderr);
  const startedAt = new Date();
  const begun = performance.now();
  try {
    const baseline = await baselineOf(plan.baseline, flags.updateBaseline ?? false, null);
    return await launching(product, flags, plan, interrupt.signal, async (set) => {
      const versions = await versionsOf(spec, set.recipe, flags, interrupt.signal);
      if (flags.versions === undefined && versions.length < 2)
        throw new UsageError(`--from and --to are both ${versions[0] ?? 'empty'}: nothing to compare`);
      if (versions.length === 0) throw new UsageError('no version was named');
      const jobs = integer(flags.jobs, '--jobs', 1, 16);
      const runs = await atMost(jobs, versions, (version) =>
        runTold(set, version, flags.keep ?? false, progress),
      );
      progress.end();
      const servers = runs.map(({ server, version }) => ({
        ...server,
        startAgain: launchOf(product, version, flags),
      }));
      const when = { startedAt, durationMs: performance.now() - begun };
      const single = versions.length === 1;
      const measured = { ...reportOf(servers, set.run, when), ...(single ? {} : { steps: [] }) };
      const whole = { update: flags.updateBaseline ?? false, whole: true };
      const held = await gated({ ...measured, exitCode: exitCodeOf(measured) }, baseline, whole);
      const compared = single ? held : { ...held, steps: stepsBetween(held.servers, set.run.failOn) };
      // 3 already where the baseline could not be written.
      const exitCode = exitCodeOf(compared);
      const unwritten = held.exitCode === EXIT.unjudged;
      const report = { ...compared, exitCode: unwritten ? exitCodeUnwritten(exitCode) : exitCode };
      const status = await deliver(report, outputs, flags.color, flags.verbose ?? false);
      if (outputs.format !== 'table')
        process.stderr.write(unavailable(runs) + renderSteps(report, reportContext(false)));
      process.stderr.write(leftUp(runs));
      return status;
    });
  } catch (error) {
    const early = brokenOff(interrupt.signal);
    if (early !== null && !(error instanceof LaunchError)) return endedEarly(early);
    throw error;
  } finally {
    progress.end();
    interrupt.end();
  }
}

/** Its flags, and what it does. */
export function define(command: Command): Action {
  command
    .argument('<product>', 'llama-cpp-python, xllamacpp, vllm …, or any name with --command')
    .option('--from <version>')
    .option('--to <version>')
    .option('--versions <list>', 'e.g. 0.2.84,0.2.87,latest, or a range such as ">=0.2.84 <0.3"');
  addReportOptions(addSelectionOptions(addLaunchOptions(command)))
    .option('--repeat <n>', 'run the suite n times and tell how often each verdict came')
    .option('--baseline <file>', 'known failures, which a step does not break')
    .option('--update-baseline', 'list what fails and is not known, take out what no longer fails')
    .option('--jobs <n>', 'versions installed and run at a time', '1')
    .option('--keep', 'leave the servers up')
    .option('--strict', 'SHOULDs fail, and no deviation is accepted')
    .option('--fail-on <verdict>', 'fail, or warn: what is newly warned about breaks, too');
  return () => upgrade(command.args[0] ?? '', command.opts<UpgradeFlags>());
}
