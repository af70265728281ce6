import type { Command } from 'commander';

export function addExplain(program: Command): void {
  program
    .command('explain')
    .description('explain a check: its rule, source, what breaks downstream, how to mend it')
    .argument('<check>')
    .action(async (check: string) => {
      const { explain } = await import('../explain.ts');
      process.stdout.write(explain(check));
    });
}
