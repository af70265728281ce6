import type { Command } from 'commander';
import type { DiffFlags } from '../diff.ts';
import { endWith } from '../exit.ts';
import { collect } from './collect.ts';

/** Adds `diff`. */
export function addDiff(program: Command): void {
  program
    .command('diff')
    .description('what changed from one JSON report to another; exit 1 where something fails that did not')
    .argument('<a>', 'JSON report')
    .argument('<b>', 'a later JSON report')
    .option('--match <a=b>', 'servers to compare that are not called the same; may be repeated', collect)
    .option('--format <format>', 'table or json', 'table')
    .option('--verbose', 'show what is new, gone and failing as before')
    .option('--no-color', 'no colours')
    .action(async (a: string, b: string, flags: DiffFlags) => {
      const { diff } = await import('../diff.ts');
      endWith(diff(a, b, flags));
    });
}
