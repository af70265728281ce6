import type { Command } from 'commander';
import { diffReports, MatchError } from '../judge/diff.ts';
import { exitCodeOfDiff } from '../judge/exit-code.ts';
import { UsageError } from '../model/errors.ts';
import type { Report } from '../model/report.ts';
import { renderDiff } from '../reporters/table/diff.ts';
import { harmlessJson } from '../text/harmless.ts';
import type { Action } from './support/action.ts';
import { collect } from './support/collect.ts';
import { readReport } from './support/read-report.ts';
import { reportContext } from './support/terminal-context.ts';

export interface DiffFlags {
  readonly match?: string[];
  readonly format: string;
  readonly verbose?: boolean;
  readonly color: boolean;
}

/** Prints what changed. @returns 1 where something fails that did not. @throws UsageError, MatchError */
export function diff(first: string, second: string, flags: DiffFlags): number {
  if (flags.format !== 'table' && flags.format !== 'json')
    throw new UsageError(`--format: unknown format ${JSON.stringify(flags.format)}; write table or json`);
  const [a, b] = [readReport(first), readReport(second)];
  const found = diffReports(
    a,
    b,
    (flags.match ?? []).map((text) => pairIn(text, a, b)),
  );
  const exitCode = exitCodeOfDiff(found);
  const { width, colour } = reportContext(flags.color);
  const text =
    flags.format === 'json'
      ? `${harmlessJson(JSON.stringify({ ...found, exitCode }, null, 2))}\n`
      : renderDiff(found, { width, colour, verbose: flags.verbose ?? false });
  process.stdout.write(text);
  return exitCode;
}

/** Names may hold a "=" themselves: the one that parts two servers which are there is meant. */
function pairIn(text: string, a: Report, b: Report): readonly [string, string] {
  const parts = [...text.matchAll(/=/g)].map(
    ({ index }) => [text.slice(0, index), text.slice(index + 1)] as const,
  );
  const [first] = parts;
  if (first === undefined)
    throw new MatchError(`--match ${JSON.stringify(text)}: write A=B, the server's names in the two reports`);
  const has = ({ servers }: Report, name: string) => servers.some((server) => server.name === name);
  return parts.find(([one, other]) => has(a, one) && has(b, other)) ?? first;
}

/** Its flags, and what it does. */
export function define(command: Command): Action {
  command
    .argument('<a>', 'JSON report')
    .argument('<b>', 'a later JSON report')
    .option('--match <a=b>', 'servers to compare that are not called the same; may be repeated', collect)
    .option('--format <format>', 'table or json', 'table')
    .option('--verbose', 'show what is new, gone and failing as before')
    .option('--no-color', 'no colours');
  return () => {
    const [a = '', b = ''] = command.args;
    return diff(a, b, command.opts<DiffFlags>());
  };
}
