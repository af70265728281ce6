import type { Command } from 'commander';
import { endWith } from '../exit.ts';
import type { RecordFlags } from '../record.ts';
import { collect } from './collect.ts';
import { addSelectionOptions } from './shared-options.ts';

export function addRecord(program: Command): void {
  const command = program
    .command('record')
    .description('run the checks and record what was sent and received, for replay')
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
    .option('--cacert <file>', 'PEM certificates to trust besides the usual ones')
    .action(async (url: string, flags: RecordFlags) => {
      const { record } = await import('../record.ts');
      endWith(await record(url, flags));
    });
}
