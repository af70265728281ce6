import { join } from 'node:path';
import type { Command } from 'commander';
import { outputsOf } from '../config/outputs.ts';
import { diffReports, MatchError } from '../judge/diff.ts';
import { exitCodeOfDiff, exitCodeUnwritten } from '../judge/exit-code.ts';
import { UsageError } from '../model/errors.ts';
import type { OutputFormat, Report, Result } from '../model/report.ts';
import type { Compared } from '../reporters/html/diff.ts';
import type { ReportContext, ReportFile } from '../reporters/index.ts';
import { renderDiff } from '../reporters/table/diff.ts';
import { harmlessJson } from '../text/harmless.ts';
import type { Action } from './support/action.ts';
import { collect } from './support/collect.ts';
import { written } from './support/deliver.ts';
import { readReport } from './support/read-report.ts';
import { reportContext } from './support/terminal-context.ts';

export interface DiffFlags {
  readonly match?: string[];
  readonly format: string;
  readonly output?: string[];
  readonly verbose?: boolean;
  readonly color: boolean;
}

/** What can be written of a difference. */
const WRITTEN: readonly OutputFormat[] = ['table', 'json', 'html', 'issue'];

/** Prints what changed, and writes it to files. @returns 1 where something fails that did not. @throws UsageError, MatchError */
export async function diff(first: string, second: string, flags: DiffFlags): Promise<number> {
  if (flags.format !== 'table' && flags.format !== 'json' && flags.format !== 'html')
    throw new UsageError(
      `--format: unknown format ${JSON.stringify(flags.format)}; write table, json or html`,
    );
  const { files } = outputsOf({ output: flags.output });
  const other = files.find(({ format }) => !WRITTEN.includes(format));
  if (other !== undefined)
    throw new UsageError(`--output ${other.format}=…: of a difference write ${WRITTEN.join(', ')}`);
  const [a, b] = [readReport(first), readReport(second)];
  const found = diffReports(
    a,
    b,
    (flags.match ?? []).map((text) => pairIn(text, a, b)),
  );
  const compared = { diff: found, a, b };
  const context = { ...reportContext(false), width: 100, verbose: flags.verbose ?? false };
  const unwritten: string[] = [];
  for (const { format, path } of files) {
    const parts =
      format === 'issue'
        ? await newTickets(compared, path, context)
        : [{ path, text: await textOf(compared, format, context) }];
    if (!written(path, parts)) unwritten.push(path);
  }
  const exitCode = exitCodeOfDiff(found);
  process.stdout.write(
    await textOf(compared, flags.format, {
      ...reportContext(flags.color),
      verbose: context.verbose,
    }),
  );
  return unwritten.length > 0 ? exitCodeUnwritten(exitCode) : exitCode;
}

async function textOf(
  compared: Compared,
  format: OutputFormat,
  context: ReportContext & { readonly verbose: boolean },
): Promise<string> {
  const { diff: found } = compared;
  if (format === 'json')
    return `${harmlessJson(JSON.stringify({ ...found, exitCode: exitCodeOfDiff(found) }, null, 2))}\n`;
  if (format === 'html') return (await import('../reporters/html/diff.ts')).renderDiffHtml(compared, context);
  return renderDiff(found, context);
}

/** Tickets for what newly fails. */
async function newTickets(
  { diff: found, b }: Compared,
  folder: string,
  context: ReportContext,
): Promise<readonly ReportFile[]> {
  const { ticketsOf } = await import('../reporters/issue/tickets.ts');
  const failing = new Set(
    found.servers.flatMap((server) =>
      server.newlyFailing.map((change) => `${server.b.name} ${change.check} ${change.case}`),
    ),
  );
  const wanted = (server: string, result: Result) => failing.has(`${server} ${result.check} ${result.case}`);
  return ticketsOf(b, context, wanted).map(({ file, text }) => ({ path: join(folder, file), text }));
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
    .option('--format <format>', 'on stdout: table, json or html', 'table')
    .option(
      '--output <format=file>',
      'write it to a file: table, json or html; issue=DIR: a ticket for each finding that is new; may be repeated',
      collect,
    )
    .option('--verbose', 'show what is new, gone and failing as before')
    .option('--no-color', 'no colours');
  return () => {
    const [a = '', b = ''] = command.args;
    return diff(a, b, command.opts<DiffFlags>());
  };
}
