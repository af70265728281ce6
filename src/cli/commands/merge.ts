import type { Command } from 'commander';
import { endWith } from '../exit.ts';
import type { MergeFlags } from '../merge.ts';
import { addReportOptions } from './shared-options.ts';

/** Adds `merge`. */
export function addMerge(program: Command): void {
  const command = program
    .command('merge')
    .description('make one report, with one exit code, of the JSON reports of all shards')
    .argument('<report...>', 'JSON reports');
  addReportOptions(command).action(async (files: string[], flags: MergeFlags) => {
    const { merge } = await import('../merge.ts');
    endWith(await merge(files, flags));
  });
}
