import type { Command } from 'commander';

export function addList(program: Command): void {
  program
    .command('list')
    .description('list checks, cases or products')
    .argument('<what>', 'checks, cases or products')
    .action(async (what: string) => {
      const { list } = await import('../list.ts');
      process.stdout.write(list(what));
    });
}
