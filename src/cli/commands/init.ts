import type { Command } from 'commander';
import { endWith } from '../exit.ts';
import type { InitFlags } from '../init.ts';

/** Adds `init`. */
export function addInit(program: Command): void {
  program
    .command('init')
    .description('look at a server and write a commented lastchunk.yaml for it')
    .argument('<url>', 'base URL of the server, with or without /v1')
    .option('--model <name>', 'model to ask for (found by itself where the server lists just one)')
    .option('--api-key-env <name>', 'environment variable with the API key')
    .option('--out <file>', 'file to write', 'lastchunk.yaml')
    .action(async (url: string, flags: InitFlags) => {
      const { init } = await import('../init.ts');
      endWith(await init(url, flags));
    });
}
