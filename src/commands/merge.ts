import type { Command } from 'commander';
import { settingsOf } from '../config/flags.ts';
import { outputsOf } from '../config/outputs.ts';
import { mergeReports } from '../judge/merge.ts';
import type { Action } from './support/action.ts';
import { deliver } from './support/deliver.ts';
import { readReport } from './support/read-report.ts';
import { addReportOptions } from './support/shared-options.ts';

export interface MergeFlags {
  readonly format: string;
  readonly output?: string[];
  readonly verbose?: boolean;
  readonly color: boolean;
}

/** Makes one report of several. @returns its exit status. @throws UsageError, MergeError */
export async function merge(files: readonly string[], flags: MergeFlags): Promise<number> {
  const outputs = outputsOf({ ...(await settingsOf({ format: flags.format })), output: flags.output });
  const parts = files.map((file) => ({ file, report: readReport(file) }));
  return deliver(mergeReports(parts), outputs, flags.color, flags.verbose ?? false);
}

/** Its flags, and what it does. */
export function define(command: Command): Action {
  command.argument('<report...>', 'JSON reports');
  addReportOptions(command);
  return () => merge(command.args, command.opts<MergeFlags>());
}
