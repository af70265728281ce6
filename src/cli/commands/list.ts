import type { Command } from 'commander';

export function addList(program: Command): void {
  program
    .command('list')
    .description('list checks, cases or products')
    .argument('<what>', 'checks, cases or products')
    .option('--catalogue <n>', 'checks and cases of this catalogue: a number or latest', 'latest')
    .action(async (what: string, { catalogue }: { catalogue: string }) => {
      const { list } = await import('../list.ts');
      const { settingsOf } = await import('../../config/flags.ts');
      const { catalogueOf } = await import('../../checks/catalogue.ts');
      process.stdout.write(list(what, catalogueOf(settingsOf({ catalogue }).catalogue)));
    });
}
