import { planRun } from '../../config/plan.ts';
import { referenceOf } from '../../config/references.ts';
import { everything } from '../../config/selection.ts';
import { caseKey } from '../../model/case-id.ts';
import { UsageError } from '../../model/errors.ts';
import type { Result } from '../../model/report.ts';
import { readRecording } from '../../recordings/recording.ts';
import { reportOf } from '../../run/run.ts';
import { runRecording } from '../../run/run-recording.ts';
import { planUnits } from '../../run/units.ts';
import { suites } from '../../scenarios/index.ts';
import { type CheckFlags, configFor } from './check-flags.ts';
import { deliver } from './deliver.ts';
import { baselineOf, besideConfig, gated } from './gate.ts';
import { replayOf } from './start-again.ts';

/** Flags that say how a server is asked: nobody is. */
const OF_A_SERVER = {
  model: '--model',
  timeout: '--timeout',
  maxDuration: '--max-duration',
  wait: '--wait',
  concurrency: '--concurrency',
  seed: '--seed',
  confirm: '--no-confirm',
  repeat: '--repeat',
  header: '--header',
  body: '--body',
  apiKeyEnv: '--api-key-env',
  apiKey: '--api-key',
  label: '--label',
  referenceServer: '--reference-server',
  shard: '--shard',
  dryRun: '--dry-run',
  cacert: '--cacert',
} as const satisfies Partial<Record<keyof CheckFlags, string>>;

const has = <K extends string>(all: Record<K, unknown>, name: string): name is K => Object.hasOwn(all, name);

/**
 * Judges a recording. All of it is judged, and of that shown what was asked for: a verdict never depends on what is shown.
 * @returns the exit status. @throws UsageError, RecordingError
 */
export async function checkFrom(folder: string, urls: readonly string[], flags: CheckFlags): Promise<number> {
  if (urls.length > 0) throw new UsageError('--from takes the place of a server: leave the URL out');
  for (const [flag, shown] of Object.entries(OF_A_SERVER))
    if (has(OF_A_SERVER, flag) && flags[flag] !== undefined)
      throw new UsageError(`${shown} has no place beside --from: nothing is asked of a server`);
  const config = await configFor(flags);
  const plan = await planRun(flags, config);
  const { apis, suite, catalogue, selection, strict, failOn } = plan.run;
  const update = flags.updateBaseline ?? false;
  const baseline = await baselineOf(plan.baseline, update, besideConfig(config));
  const asked = flags.reference !== undefined || flags.tokenizer !== undefined;
  const reference = asked ? { reference: await referenceOf(plan.settings) } : {};
  const startedAt = new Date();
  const begun = performance.now();
  const recording = readRecording(folder);
  const { head } = recording;
  const wanted = flags.suite !== undefined ? suite : head.suite;
  if (suites.indexOf(wanted) > suites.indexOf(head.suite))
    throw new UsageError(`--suite ${wanted}: the recording is of the suite ${head.suite}; leave it out`);
  const { server, partial } = await runRecording(recording, {
    catalogue,
    strict,
    profile: plan.profile,
    ...reference,
  });
  const cases = new Set(
    planUnits(apis, wanted, everything).flatMap((unit) => unit.cases.map((id) => caseKey(id))),
  );
  const isShown = (result: Result) =>
    cases.has(result.case) && selection.check(result.check) && selection.case(result.case);
  const ended = new AbortController();
  if (partial) ended.abort();
  const report = reportOf(
    [{ ...server, startAgain: replayOf(folder, server.baseUrl), results: server.results.filter(isShown) }],
    { seed: head.seed, suite: wanted, catalogue, strict, failOn, signal: ended.signal },
    { startedAt, durationMs: performance.now() - begun },
  );
  const held = await gated(report, baseline, { update, whole: true });
  return await deliver(held, plan.outputs, flags.color ?? true, flags.verbose ?? false);
}
