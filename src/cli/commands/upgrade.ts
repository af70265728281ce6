import type { Command } from 'commander';
import { endWith } from '../exit.ts';
import type { UpgradeFlags } from '../upgrade.ts';
import { collect } from './collect.ts';
import { addLaunchOptions } from './launch-options.ts';

export function addUpgrade(program: Command): void {
  const command = program
    .command('upgrade')
    .description('install versions of a server, check each, and say what the upgrade breaks and fixes')
    .argument('<product>', 'llama-cpp-python, xllamacpp, vllm …, or any name with --command')
    .option('--from <version>')
    .option('--to <version>')
    .option('--versions <list>', 'e.g. 0.2.84,0.2.87,latest, or a range such as ">=0.2.84 <0.3"');
  addLaunchOptions(command)
    .option('--jobs <n>', 'versions installed and run at a time', '1')
    .option('--keep', 'leave the servers up')
    .option('--strict', 'SHOULDs fail, and no deviation is accepted')
    .option('--format <format>', 'on stdout: table, json, junit, markdown, github or html', 'table')
    .option('--output <format=file>', 'write a report to a file; may be repeated', collect)
    .option('--verbose', 'show every row and case')
    .option('--no-color', 'no colours')
    .action(async (product: string, flags: UpgradeFlags) => {
      const { upgrade } = await import('../upgrade.ts');
      endWith(await upgrade(product, flags));
    });
}
