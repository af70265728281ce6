/** Options that mean the same wherever they stand. */
import type { Command } from 'commander';
import { apiIds } from '../../model/api.ts';
import { collect, collectList } from './collect.ts';

/** What is run, and what of it is shown. */
export function addSelectionOptions(command: Command): Command {
  return command
    .option(
      '--api <ids>',
      `${apiIds.join(', ')}; may be repeated, or a comma list (default: all that the server has)`,
      collectList,
    )
    .option('--only <globs>', 'checks or cases to show; may be repeated, or a comma list', collectList)
    .option('--skip <globs>', 'checks or cases to leave out; may be repeated, or a comma list', collectList);
}

/** Where reports go. */
export function addReportOptions(command: Command): Command {
  return command
    .option('--format <format>', 'on stdout: table, json, junit, markdown, github or html', 'table')
    .option(
      '--output <format=file>',
      'write a report to a file; issue=DIR: a ticket for each finding; may be repeated',
      collect,
    )
    .option('--verbose', 'show every row and case')
    .option('--no-color', 'no colours');
}
