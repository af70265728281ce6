import type { Command } from 'commander';
import type { BisectFlags } from '../bisect.ts';
import { endWith } from '../exit.ts';
import { addLaunchOptions } from './launch-options.ts';

export function addBisect(program: Command): void {
  const command = program
    .command('bisect')
    .description('find the first version in which a check fails')
    .argument('<product>', 'llama-cpp-python, xllamacpp, vllm …, or any name with --command')
    .requiredOption('--good <version>', 'a version in which it holds')
    .requiredOption('--bad <version>', 'a version in which it fails')
    .requiredOption('--check <id>', 'the check')
    .option('--case <glob>', 'only in these cases')
    .option('--versions <list>', 'the versions to search, oldest first (default: those of the registry)');
  addLaunchOptions(command)
    .option('--fresh', 'forget what an earlier search found out')
    .option('--format <format>', 'text or json', 'text')
    .action(async (product: string, flags: BisectFlags) => {
      const { bisect } = await import('../bisect.ts');
      endWith(await bisect(product, flags));
    });
}
