import type { Command } from 'commander';
import { endWith } from '../exit.ts';
import type { UpgradeFlags } from '../upgrade.ts';
import { addLaunchOptions } from './launch-options.ts';
import { addReportOptions, addSelectionOptions } from './shared-options.ts';

export function addUpgrade(program: Command): void {
  const command = program
    .command('upgrade')
    .description('install versions of a server, check each, and say what the upgrade breaks and fixes')
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
    .option('--fail-on <verdict>', 'fail, or warn: what is newly warned about breaks, too')
    .action(async (product: string, flags: UpgradeFlags) => {
      const { upgrade } = await import('../upgrade.ts');
      endWith(await upgrade(product, flags));
    });
}
