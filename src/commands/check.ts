import type { Command } from 'commander';
import { catalogueOf } from '../checks/catalogue.ts';
import { plannedServers, planRun } from '../config/plan.ts';
import { withReferences } from '../config/references.ts';
import { UsageError } from '../model/errors.ts';
import { withUniqueNames } from '../model/server-names.ts';
import { shareOf } from '../model/shard.ts';
import { checkServers } from '../run/run.ts';
import { planUnits } from '../run/units.ts';
import type { Action } from './support/action.ts';
import { type CheckFlags, configFor } from './support/check-flags.ts';
import { collect } from './support/collect.ts';
import { dryRun } from './support/dry-run.ts';
import { baselineOf, besideConfig, gated } from './support/gate.ts';
import { interruptible } from './support/interruptible.ts';
import { progressOn } from './support/progress.ts';
import { planOf, shardOf } from './support/shard-choice.ts';
import { addReportOptions, addSelectionOptions } from './support/shared-options.ts';

/** @returns the exit status. @throws UsageError and its like where the command line is wrong */
export async function runCheck(urls: readonly string[], flags: CheckFlags): Promise<number> {
  if (flags.from !== undefined) {
    const { checkFrom } = await import('./support/check-from.ts');
    return await checkFrom(flags.from, urls, flags);
  }
  const config = await configFor(flags);
  const servers = await plannedServers(urls, flags, config);
  const shard = shardOf(flags.shard, process.env, servers.length);
  const plan = await planRun(flags, config);
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
  const baseline = await baselineOf(plan.baseline, update, besideConfig(config));
  const fleet = withUniqueNames(await withReferences(servers));
  const targets = shard === null ? fleet : shareOf(fleet, shard);
  if (flags.dryRun) {
    process.stdout.write(dryRun(targets, settings));
    return 0;
  }
  const interrupt = interruptible(plan.maxDurationMs);
  const progress = progressOn(process.stderr);
  try {
    const options = { ...settings, signal: interrupt.signal };
    // What words it is loaded only where somebody looks on.
    const inWords = process.stderr.isTTY
      ? (await import('./support/headline-so-far.ts')).headlineSoFar
      : null;
    const known = baseline?.expected ?? [];
    const report = await checkServers(targets, {
      ...options,
      progress: progress.show,
      soFar: inWords === null ? undefined : (server) => progress.tell(inWords(server, options, known)),
    });
    progress.end();
    const held = await gated(report, baseline, { update, whole: shard === null || shard.count === 1 });
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
    const { deliver } = await import('./support/deliver.ts');
    return await deliver({ ...held, ...part }, outputs, flags.color ?? true, flags.verbose ?? false);
  } finally {
    progress.end();
    interrupt.end();
  }
}

/** Its flags, and what it does. */
export function define(command: Command): Action {
  command
    .argument('[url...]', 'base URL of a server, with or without /v1, or the name of one in the config file')
    .option('-c, --config <file>', 'config file (default: the nearest lastchunk.yaml or .json upwards)')
    .option('--no-config', 'read no config file')
    .option('--model <name>', 'model to ask for (found by itself where the server lists just one)')
    .option('--from <dir>', 'judge a recording instead of a server');
  addReportOptions(addSelectionOptions(command))
    .option('--suite <name>', 'smoke, standard or full', 'standard')
    .option('--timeout <seconds>', 'one request as a whole (also 500ms, 5s, 2m)', '120')
    .option(
      '--max-duration <seconds>',
      'the whole run (also 30s, 20m); what was not measured by then is an error',
    )
    .option('--wait <seconds>', 'wait so long for a server that has just been started', '0')
    .option('--concurrency <n>', 'requests to one server at a time', '1')
    .option('--seed <n>', 'seed of the prompts (default: random, printed)')
    .option('--confirm', 'ask again what failed', true)
    .option('--no-confirm', 'do not ask again what failed')
    .option('--repeat <n>', 'run the suite n times and tell how often each verdict came')
    .option('--header <line>', '"Name: value", sent with each request; may be repeated', collect)
    .option('--body <json>', 'fields merged into each request')
    .option('--api-key-env <name>', 'environment variable with the API key')
    .option('--api-key <key>', 'API key (seen by others on this machine; prefer --api-key-env)')
    .option('--label <name=url>', 'product and version of a server that does not tell', collect)
    .option('--profile <id>', 'product whose accepted deviations hold; openai: none')
    .option(
      '--reference <sources>',
      'what counts are compared with: auto, none, or forced,ids,endpoint,tokenizer,server',
      'auto',
    )
    .option('--tokenizer <path>', 'GGUF file or Hugging Face tokenizer of the model, to count with')
    .option('--reference-server <url>', 'a second server with the same model, to compare counts with')
    .option('--strict', 'SHOULDs fail, and no deviation is accepted')
    .option('--no-strict', 'not strict, whatever the config file says')
    .option('--fail-on <verdict>', 'what fails the run: fail, or warn for warnings, too', 'fail')
    .option(
      '--baseline <file>',
      'known failures, which do not fail the run (default: lastchunk-baseline.yaml beside the config file, where it is there)',
    )
    .option('--no-baseline', 'no known failures, whatever the config file says')
    .option('--update-baseline', 'list what fails and is not known, take out what no longer fails')
    .option('--shard <i/n>', 'check the servers of one of n shards, from 1/n to n/n')
    .option('--catalogue <n>', 'catalogue of checks: a number or latest', 'latest')
    .option('--dry-run', 'show the requests and the most tokens they can cost, send none')
    .option('--cacert <file>', 'PEM certificates to trust besides the usual ones');
  return () => {
    // The defaults that help shows give way to the config file.
    const given = Object.entries(command.opts()).filter(
      ([flag]) => command.getOptionValueSource(flag) === 'cli',
    );
    return runCheck(command.args, Object.fromEntries(given));
  };
}
