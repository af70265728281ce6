import type { Command } from 'commander';
import { endWith } from '../exit.ts';
import type { MergeFlags } from '../merge.ts';
import { collect } from './collect.ts';

/** Adds `merge`. */
export function addMerge(program: Command): void {
  program
    .command('merge')
    .description('make one report, with one exit code, of the JSON reports of all shards')
    .argument('<report...>', 'JSON reports')
    .option('--format <format>', 'on stdout: table, json, junit, markdown, github or html', 'table')
    .option('--output <format=file>', 'write a report to a file; may be repeated', collect)
    .option('--verbose', 'show every row and case')
    .option('--no-color', 'no colours')
    .action(async (files: string[], flags: MergeFlags) => {
      const { merge } = await import('../merge.ts');
      endWith(await merge(files, flags));
    });
}
