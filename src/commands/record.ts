import type { Command } from 'commander';
import { type PlanFlags, planRun } from '../config/plan.ts';
import { referenceOf } from '../config/references.ts';
import type { RunSettings } from '../config/run-settings.ts';
import type { ServerTarget } from '../config/server-target.ts';
import { targetsOf } from '../config/servers.ts';
import { EXIT } from '../judge/exit-code.ts';
import { brokenOff } from '../model/broken-off.ts';
import { UsageError } from '../model/errors.ts';
import { Recorder, type RecordingBegun } from '../recordings/recorder.ts';
import { RecordingError } from '../recordings/recording-error.ts';
import { checkServers } from '../run/run.ts';
import { planUnits } from '../run/units.ts';
import { harmless } from '../text/harmless.ts';
import { parseServerUrl } from '../wire/url.ts';
import type { Action } from './support/action.ts';
import { collect } from './support/collect.ts';
import { codeOf, complain, endedEarly } from './support/complain.ts';
import { interruptible } from './support/interruptible.ts';
import { progressOn } from './support/progress.ts';
import { addSelectionOptions } from './support/shared-options.ts';

export interface RecordFlags extends Omit<PlanFlags, 'label'> {
  readonly out: string;
  readonly label?: string;
  readonly force?: boolean;
}

/** Runs the checks against one server and keeps every exchange. @returns the exit status */
export async function record(url: string, { label, ...flags }: RecordFlags): Promise<number> {
  if (flags.out.trim() === '') throw new UsageError('--out is empty: name a folder');
  const plan = await planRun(flags);
  const { run: settings } = plan;
  const [target] = targetsOf([url], {
    ...flags,
    ...(label === undefined ? {} : { label: [`${label}=${url}`] }),
  });
  if (target === undefined) return EXIT.usage;
  if (planUnits(settings.apis, settings.suite, settings.selection).length === 0)
    throw new UsageError('nothing is selected: --only, --skip, --api and --suite leave no case');
  const reference = await referenceOf(plan.settings);
  const recorder = recorderFor(flags, begunOf(target, settings, flags, label ?? null));
  if (recorder === null) return EXIT.unjudged;
  const interrupt = interruptible(plan.maxDurationMs);
  const progress = progressOn(process.stderr);
  let kept = false;
  try {
    const { servers, partial } = await checkServers([target], {
      ...settings,
      ...(reference === null ? {} : { reference }),
      signal: interrupt.signal,
      progress: progress.show,
      transport: recorder,
    });
    progress.end();
    const [server] = servers;
    const halt = server?.halt;
    if (server === undefined || halt?.kind === 'unreached' || halt?.kind === 'unauthorized') {
      complain(new Error(`nothing recorded: ${halt?.message ?? 'no server'}`));
      return EXIT.unjudged;
    }
    kept = true;
    recorder.finish(server, !partial);
    if (recorder.withheld > 0) complain(new Error(withheldOf(recorder.withheld)));
    const what = `${recorder.exchanges} exchanges recorded in ${harmless(flags.out)}`;
    const early = partial ? brokenOff(interrupt.signal) : null;
    process.stdout.write(early === null ? `${what}\n` : `${what}, up to where the run was broken off\n`);
    return early === null ? EXIT.ok : endedEarly(early);
  } catch (error) {
    if (!kept) throw error;
    const why = error instanceof RecordingError ? error.message : codeOf(error);
    const left = recorder.exchanges === 0 ? '' : `, but for the first ${recorder.exchanges} exchanges`;
    complain(new Error(`${flags.out} could not be written (${why})${left}; choose another --out`));
    return EXIT.unjudged;
  } finally {
    progress.end();
    if (!kept) recorder.discard();
    interrupt.end();
  }
}

/** A body that is not kept is no fault of the recording: its cases are judged as errors. */
function withheldOf(count: number): string {
  const bodies =
    count === 1
      ? 'one answer was recorded without its body'
      : `${count} answers were recorded without their bodies`;
  return `${bodies}: too large, or not to be read through while a key may be in it; check --from cannot judge it`;
}

/** null, and a complaint, where the folder can't be written. @throws RecordingError where it is taken */
function recorderFor(flags: RecordFlags, begun: RecordingBegun): Recorder | null {
  try {
    return new Recorder(flags.out, begun, flags.force ?? false);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    complain(new Error(`${flags.out} can't be written (${codeOf(error)}); choose another --out`));
    return null;
  }
}

function begunOf(
  target: ServerTarget,
  settings: Required<RunSettings>,
  flags: Omit<PlanFlags, 'label'>,
  label: string | null,
): RecordingBegun {
  const { authorization } = parseServerUrl(target.url);
  return {
    model: target.model,
    suite: settings.suite,
    seed: settings.seed,
    catalogue: settings.catalogue,
    run: {
      name: target.name,
      url: target.url,
      label,
      headers: { ...(authorization === null ? {} : { authorization }), ...target.headers },
      body: { ...settings.body },
      apis: [...settings.apis],
      only: flags.only ?? [],
      skip: flags.skip ?? [],
      confirm: settings.confirm,
      concurrency: settings.concurrency,
      reference: flags.reference ?? 'auto',
    },
  };
}

/** Its flags, and what it does. */
export function define(command: Command): Action {
  command
    .argument('<url>', 'base URL of the server')
    .requiredOption('--out <dir>', 'folder of the recording; a new or an empty one')
    .option('--force', 'replace the recording in that folder')
    .option('--model <name>', 'model to ask for (found by itself where the server lists just one)');
  addSelectionOptions(command)
    .option('--suite <name>', 'smoke, standard or full', 'standard')
    .option('--timeout <seconds>', 'one request as a whole (also 500ms, 5s, 2m)', '120')
    .option(
      '--max-duration <seconds>',
      'the whole run (also 30s, 20m); what was not measured by then is an error',
    )
    .option('--concurrency <n>', 'requests to the server at a time', '1')
    .option('--seed <n>', 'seed of the prompts')
    .option('--no-confirm', 'do not ask again what failed')
    .option('--header <line>', '"Name: value", sent with each request; may be repeated', collect)
    .option('--body <json>', 'fields merged into each request')
    .option('--api-key-env <name>', 'environment variable with the API key')
    .option('--api-key <key>', 'API key (seen by others on this machine; prefer --api-key-env)')
    .option('--label <name>', 'product and version, e.g. "llama.cpp b11549"')
    .option('--reference <sources>', 'what of the server is asked for counts, as in check', 'auto')
    .option('--cacert <file>', 'PEM certificates to trust besides the usual ones');
  return () => record(command.args[0] ?? '', command.opts<RecordFlags>());
}
