import type { Command } from 'commander';
import { endWith } from '../exit.ts';
import type { CheckFlags } from '../run-check.ts';
import { collect } from './collect.ts';
import { addReportOptions, addSelectionOptions } from './shared-options.ts';

/** Adds `check`, the main job. What it does is loaded when it runs. */
export function addCheck(program: Command): void {
  const command = program
    .command('check', { isDefault: true })
    .description('check one or more servers and print the table per server version')
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
    .option('--baseline <file>', 'known failures, which do not fail the run')
    .option('--no-baseline', 'no known failures, whatever the config file says')
    .option('--update-baseline', 'list what fails and is not known, take out what no longer fails')
    .option('--shard <i/n>', 'check the servers of one of n shards, from 1/n to n/n')
    .option('--catalogue <n>', 'catalogue of checks: a number or latest', 'latest')
    .option('--dry-run', 'show the requests and the most tokens they can cost, send none')
    .option('--cacert <file>', 'PEM certificates to trust besides the usual ones')
    .action(async (urls: string[], all: CheckFlags, command: Command) => {
      const { runCheck } = await import('../run-check.ts');
      // The defaults that help shows give way to the config file.
      const given = Object.entries(all).filter(([flag]) => command.getOptionValueSource(flag) === 'cli');
      endWith(await runCheck(urls, Object.fromEntries(given)));
    });
}
