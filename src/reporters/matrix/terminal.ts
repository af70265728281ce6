/** The matrix on a terminal: one table a product, then its faults by range of versions. */
import Table from 'cli-table3';
import type { Mark } from '../../matrix/cells.ts';
import type { Fault } from '../../matrix/faults.ts';
import type { Column, Matrix, ProductMatrix } from '../../matrix/matrix.ts';
import type { Verdict } from '../../model/report.ts';
import { harmlessDeep } from '../../text/harmless.ts';
import type { Words } from '../shared/headline-text.ts';
import { cutToColumns, wrapName, wrapToColumns } from '../table/columns.ts';
import { NO_BORDERS } from '../table/no-borders.ts';
import { type Palette, paletteOf } from '../table/palette.ts';
import type { TerminalOptions } from '../table/table.ts';
import { answerOf, answerText } from './answer.ts';
import { historyWords } from './history.ts';
import { isSteady, partedRows, servedWords } from './rows.ts';
import {
  cellWords,
  changeLines,
  columnTitle,
  faultName,
  haltedLines,
  LEGEND,
  MARKS,
  placesWords,
  productTitle,
  reportWords,
  spanWords,
  unavailableLines,
  worstFirst,
} from './words.ts';

const NARROWEST_COLUMN = 13;
/** A file words a part of each line. */
const LONGEST = 200;
const VERDICTS: Readonly<Record<Mark, Verdict>> = {
  pass: 'pass',
  fail: 'fail',
  warn: 'warn',
  error: 'error',
  none: 'skip',
};

/** Of each product a table and its faults; last what the newest versions are worth, one sentence a product. */
export function renderMatrixTerminal(made: Matrix, options: TerminalOptions): string {
  const matrix = harmlessDeep(made, LONGEST);
  const palette = paletteOf(options.colour);
  const { products, suite, catalogue } = matrix;
  const head = `${spanWords(matrix)}; suite ${suite}, catalogue ${catalogue}`;
  const legend = LEGEND.flatMap(([mark, said]) => wrapToColumns(`${MARKS[mark]} ${said}`, options.width));
  return `${[
    wrapToColumns(head, options.width).join('\n'),
    ...products.map((product) => section(product, options, palette)),
    palette.faint(legend.join('\n')),
    products
      .flatMap((product) =>
        hanging(`${productTitle(product)}. ${answerText(answerOf(product, options.words))}`, options.width),
      )
      .join('\n'),
  ]
    .filter(Boolean)
    .join('\n\n')}\n`;
}

function section(product: ProductMatrix, options: TerminalOptions, palette: Palette): string {
  const { faults, changes, groups } = product;
  const { width, words } = options;
  const list = (title: string, lines: readonly string[]) =>
    lines.length === 0 ? [] : ['', palette.strong(title), ...lines.flatMap((line) => hanging(line, width))];
  const mark = palette.verdict.fail(MARKS.fail);
  return [
    ...wrapToColumns(productTitle(product), width).map(palette.strong),
    ...tables(product, options, palette),
    ...list(
      'Faults',
      worstFirst(faults, words).map((fault) => faultLine(fault, product, words)),
    ).map((line) => line.replace(/^✗/, mark)),
    ...list(
      'What changed',
      changes.flatMap((change) =>
        changeLines(change, product, words).map((line) => `${change.from} → ${change.to}: ${line}`),
      ),
    ),
    ...list(
      'Holds wherever it was judged',
      groups.flatMap((group) => {
        const { steady } = partedRows(group);
        const served = servedWords(group, product);
        const where = served === '' ? '' : ` (served ${served})`;
        return steady.length === 0 ? [] : [`${group.api}${where}: ${steady.join(' · ')}`];
      }),
    ),
    ...list('Runs that ended early', haltedLines(product)),
    ...list('Could not be started here', unavailableLines(product)),
  ].join('\n');
}

function faultLine(fault: Fault, product: ProductMatrix, words: Words): string {
  const report = fault.note?.report;
  const told =
    report === undefined
      ? ''
      : `; ${reportWords(fault.note)}${report.link === null ? '' : ` ${report.link}`}`;
  return `${MARKS.fail} ${faultName(fault, words)} in ${placesWords(fault.places)} (${fault.check}, ${fault.class}): ${historyWords(fault, product)}${told}`;
}

function hanging(text: string, width: number): readonly string[] {
  return wrapToColumns(text, width - 2).map((line, i) => (i === 0 ? line : `  ${line}`));
}

/** As many columns side by side as fit. */
function tables(product: ProductMatrix, { width }: TerminalOptions, palette: Palette): readonly string[] {
  const { columns, groups } = product;
  const telling = groups.flatMap((group) => partedRows(group).telling);
  if (telling.length === 0) return [];
  const nameWidth = Math.max(...telling.map(({ question }) => question.words.length), 8) + 1;
  const perTable = Math.max(1, Math.floor((width - nameWidth) / NARROWEST_COLUMN));
  const starts = Array.from({ length: Math.ceil(columns.length / perTable) }, (_, i) => i * perTable);
  return starts.flatMap((from) => [
    '',
    drawn(product, from, Math.min(from + perTable, columns.length), nameWidth, width, palette),
  ]);
}

function drawn(
  { columns, groups }: ProductMatrix,
  from: number,
  to: number,
  nameWidth: number,
  width: number,
  palette: Palette,
): string {
  const each = Math.min(24, Math.floor((width - nameWidth) / (to - from)));
  const table = new Table({
    colWidths: [nameWidth, ...Array.from({ length: to - from }, () => each)],
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  const heads = columns
    .slice(from, to)
    .map((column: Column) => wrapName(columnTitle(column), each - 1).join('\n'));
  table.push(['', ...heads.map(palette.strong)]);
  for (const { api, rows } of groups) {
    const shown = rows.filter(
      (row) => !isSteady(row) && row.cells.slice(from, to).some(({ mark }) => mark !== 'none'),
    );
    if (shown.length === 0) continue;
    table.push([{ content: palette.strong(api), colSpan: to - from + 1 }]);
    for (const { question, cells } of shown) {
      const texts = cells.slice(from, to).map((cell, i) => {
        const column = columns[from + i] ?? { versions: [] };
        const said = cutToColumns(
          [MARKS[cell.mark], cellWords(cell, column)].filter(Boolean).join(' '),
          each - 1,
        );
        return palette.verdict[VERDICTS[cell.mark]](said);
      });
      table.push([question.words, ...texts]);
    }
  }
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
