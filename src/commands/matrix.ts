import { dirname, join, relative, sep } from 'node:path';
import type { Command } from 'commander';
import { folderOf, type Matrix, matrixOf, newestOfEach } from '../matrix/matrix.ts';
import { recordText } from '../matrix/record-text.ts';
import { EXIT, UsageError } from '../model/errors.ts';
import { matcher } from '../model/glob.ts';
import type { VersionRecord } from '../model/record.ts';
import type { ReportFile } from '../reporters/index.ts';
import type { MatrixContext } from '../reporters/matrix/context.ts';
import { loadMatrixReporter, type MatrixFormat, matrixFormats } from '../reporters/matrix/index.ts';
import { harmlessJson } from '../text/harmless.ts';
import { plural } from '../text/plural.ts';
import type { Action } from './support/action.ts';
import { collect } from './support/collect.ts';
import { complain } from './support/complain.ts';
import { written } from './support/deliver.ts';
import { readRecords } from './support/read-records.ts';
import { reportContext } from './support/terminal-context.ts';

export interface MatrixFlags {
  readonly format: string;
  readonly output?: string[];
  readonly save?: string;
  readonly product?: string[];
  readonly mixed?: boolean;
  readonly color: boolean;
}

/** One table a product of reports and records; or keeps the records. @returns the exit status. @throws UsageError, MatrixError */
export async function matrix(paths: readonly string[], flags: MatrixFlags): Promise<number> {
  const format = formatNamed(flags.format);
  const outputs = (flags.output ?? []).map(outputOf);
  const { records, notes, remarks } = readRecords(paths);
  for (const remark of remarks) complain(new Error(remark));
  const wanted = (flags.product ?? []).map(matcher);
  const chosen = records.filter((one) => wanted.length === 0 || wanted.some((is) => is(folderOf(one))));
  if (chosen.length === 0) throw new UsageError('no version to show: none of these was measured to the end');
  if (flags.save !== undefined) return saved(chosen, flags.save);
  const made = matrixOf(chosen, notes, { mixed: flags.mixed ?? false });
  let unwritten = 0;
  for (const { format: name, path } of outputs)
    if (!written(path, await filesOf(made, name, path, ticketsSeenFrom(path, outputs)))) unwritten += 1;
  const render = await loadMatrixReporter(format);
  process.stdout.write(render(made, reportContext(flags.color)));
  return unwritten > 0 ? EXIT.unjudged : EXIT.ok;
}

/** A file a product and version; what is there of the same version is replaced. */
function saved(records: readonly VersionRecord[], folder: string): number {
  const files = newestOfEach(records).map((record) => ({
    path: join(folder, fileName(folderOf(record)), `${fileName(record.version)}.json`),
    text: harmlessJson(recordText(record)),
  }));
  if (!written(folder, files)) return EXIT.unjudged;
  process.stdout.write(`${plural(files.length, 'record')} in ${folder}\n`);
  return EXIT.ok;
}

/** A server words its version; no part of a file's name leads out of the folder. */
const fileName = (text: string) =>
  text
    .replace(/[^\w.+-]+/g, '_')
    .replace(/^\.+/, '_')
    .slice(0, 100) || '_';

interface Output {
  readonly format: MatrixFormat | 'issue';
  readonly path: string;
}

function outputOf(text: string): Output {
  const [, name = '', path = ''] = /^([^=]+)=(.+)$/s.exec(text) ?? [];
  if (path === '')
    throw new UsageError(`--output ${JSON.stringify(text)}: write FORMAT=FILE, e.g. html=matrix.html`);
  return { format: name === 'issue' ? name : formatNamed(name, ', issue'), path };
}

function formatNamed(name: string, more = ''): MatrixFormat {
  const format = matrixFormats.find((one) => one === name);
  if (format === undefined)
    throw new UsageError(`unknown format ${JSON.stringify(name)}; write ${matrixFormats.join(', ')}${more}`);
  return format;
}

/** The folder of the tickets, as a page beside them links to it. */
function ticketsSeenFrom(page: string, outputs: readonly Output[]): Pick<MatrixContext, 'tickets'> {
  const folder = outputs.find(({ format }) => format === 'issue')?.path;
  return folder === undefined ? {} : { tickets: relative(dirname(page), folder).replaceAll(sep, '/') };
}

async function filesOf(
  made: Matrix,
  format: Output['format'],
  path: string,
  tickets: Pick<MatrixContext, 'tickets'>,
): Promise<readonly ReportFile[]> {
  const context: MatrixContext = { ...reportContext(false), ...tickets, width: 100 };
  if (format === 'issue') {
    const { ticketsOfMatrix } = await import('../reporters/matrix/tickets.ts');
    return ticketsOfMatrix(made, context.words).map(({ file, text }) => ({ path: join(path, file), text }));
  }
  const render = await loadMatrixReporter(format);
  return [{ path, text: render(made, context) }];
}

/** Its flags, and what it does. */
export function define(command: Command): Action {
  command
    .argument('<report...>', 'JSON reports of check or upgrade, records, folders of them, and globs')
    .option('--format <format>', `on stdout: ${matrixFormats.join(', ')}`, 'table')
    .option(
      '--output <format=file>',
      `write it to a file: ${matrixFormats.join(', ')}; issue=DIR: a ticket for each fault that is not reported; may be repeated`,
      collect,
    )
    .option(
      '--save <dir>',
      'keep a small record of each version there, DIR/PRODUCT/VERSION.json, and show nothing',
    )
    .option('--product <glob>', 'only these; may be repeated', collect)
    .option('--mixed', 'take reports of different suites and catalogues together')
    .option('--no-color', 'no colours');
  return () => matrix(command.args, command.opts<MatrixFlags>());
}
