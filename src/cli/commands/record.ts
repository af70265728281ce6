import type { Command } from 'commander';
import { endWith } from '../exit.ts';
import type { RecordFlags } from '../record.ts';

export function addRecord(program: Command): void {
  program
    .command('record')
    .description('run the checks and record what was sent and received, for replay')
    .argument('<url>', 'base URL of the server')
    .requiredOption('--out <dir>', 'folder of the recording')
    .option('--model <name>', 'model to ask for')
    .option('--suite <name>', 'smoke, standard or full', 'standard')
    .option('--seed <n>', 'seed of the prompts')
    .option('--label <name>', 'product and version, e.g. "llama.cpp b11549"')
    .action(async (url: string, flags: RecordFlags) => {
      const { record } = await import('../record.ts');
      endWith(await record(url, flags));
    });
}
