/** The table: checks down, one column per server, grouped by API and mode. */

import Table from 'cli-table3';
import { groupBy } from '../../model/group-by.ts';
import type { CheckWords, Report } from '../../model/report.ts';
import { harmlessDeep } from '../../text/harmless.ts';
import { plural } from '../../text/plural.ts';
import { groupTitle } from '../shared/case-list.ts';
import { cellText, legendOf, marks } from '../shared/cell-text.ts';
import type { Cell, Group, Row } from '../shared/grid.ts';
import { gridOf } from '../shared/grid.ts';
import type { MeasuredIn } from '../shared/measured.ts';
import { type ServerTitle, serverTitles } from '../shared/server-title.ts';
import { columnsOf, wrapItems, wrapName, wrapToColumns } from './columns.ts';
import { GAP, NO_BORDERS } from './no-borders.ts';
import { type Palette, paletteOf } from './palette.ts';

/** How a report is put on a terminal. */
export interface TerminalOptions {
  readonly width: number;
  readonly colour: boolean;
  /** The words of a check; undefined for one that this version does not know. */
  readonly words: (check: string) => CheckWords | undefined;
  /** How measured versions came out; left out where that is not told. */
  readonly measured?: MeasuredIn;
  /** Also shows what holds and what was not judged, and every case by name. */
  readonly verbose?: boolean;
  /** Check ids in the catalogue's order. */
  readonly order?: readonly string[];
}

/** Narrower columns than this are not readable: the servers are then spread over several tables. */
const NARROWEST_COLUMN = 12;
/** A longer head takes several lines. */
const WIDEST_HEAD = 18;

/** Draws the table (several, where the servers do not fit side by side), what holds, and the legend of its marks. */
export function renderTable(report: Report, options: TerminalOptions): string {
  const all = gridOf(harmlessDeep(report), options.order);
  const titles = serverTitles(harmlessDeep(report.servers, 120));
  const halted = report.servers.map(({ halt }) => halt !== null);
  const groups = options.verbose ? all : shortened(all, halted);
  const rows = groups.flatMap((group) => group.rows);
  const palette = paletteOf(options.colour);
  const nameWidth = Math.max(...rows.map((row) => row.check.length));
  const perTable = Math.max(1, Math.floor((options.width - nameWidth) / (NARROWEST_COLUMN + GAP)));
  const split = rows.length === 0 ? [] : evenly(titles.length, perTable);
  const tables = split.map(([from, to]) => {
    const part = sliceServers(groups, from, to);
    return drawTable(part, titles.slice(from, to), nameWidth, options, palette);
  });
  const legend = wrapItems(legendOf(rows.flatMap((row) => row.cells)), options.width, '   ');
  const held = options.verbose ? '' : heldLine(all, groups);
  const below = [...wrapToColumns(held, options.width), ...legend].filter(Boolean);
  return `${[...tables, below.map(palette.faint).join('\n')].filter(Boolean).join('\n\n')}\n`;
}

/**
 * The rows that say something: what fails, is warned about or could not be judged, and where servers differ. What a server
 * could not be asked any more is told by its halt.
 */
function shortened(groups: readonly Group[], halted: readonly boolean[]): readonly Group[] {
  const tells = (cell: Cell, ended: boolean) => {
    if (cell.verdict === 'fail' || cell.verdict === 'warn') return true;
    return !ended && (cell.verdict === 'error' || (cell.verdict === 'pass' && cell.hits < cell.of));
  };
  const says = ({ cells }: Row) => {
    const told = cells.flatMap((cell, i) => (cell === null ? [] : [{ cell, ended: halted[i] ?? false }]));
    const known = told.filter(({ cell, ended }) => !(ended && cell.verdict === 'error'));
    const differ = new Set(known.map(({ cell }) => cell.verdict)).size > 1;
    return differ || told.some(({ cell, ended }) => tells(cell, ended));
  };
  return groups
    .map((group) => ({ ...group, rows: group.rows.filter(says) }))
    .filter(({ rows }) => rows.length > 0);
}

/** `✓ 29 checks hold wherever they were judged; 20 more had nothing to judge (--verbose shows all)` */
function heldLine(all: readonly Group[], shown: readonly Group[]): string {
  const told = new Set(shown.flatMap(({ rows }) => rows.map(({ check }) => check)));
  const byCheck = groupBy(
    all.flatMap(({ rows }) => rows.filter(({ check }) => !told.has(check))),
    ({ check }) => check,
  );
  const passes = (row: Row) => row.cells.some((cell) => cell?.verdict === 'pass');
  const holding = [...byCheck.values()].filter((rows) => rows.some(passes)).length;
  const idle = byCheck.size - holding;
  if (holding + idle === 0) return '';
  const holds = `${marks.pass} ${plural(holding, 'check')} ${holding === 1 ? 'holds' : 'hold'} wherever judged`;
  return `${holds}${idle > 0 ? `; ${plural(idle, 'check')} had nothing to judge` : ''} (--verbose shows all)`;
}

function drawTable(
  groups: readonly Group[],
  titles: readonly ServerTitle[],
  nameWidth: number,
  options: TerminalOptions,
  palette: Palette,
): string {
  const cells = groups.flatMap((group) => group.rows.map((row) => row.cells));
  const widths = fitColumns(cells, titles, options.width - nameWidth - titles.length * GAP);
  const full = nameWidth + widths.reduce((sum, width) => sum + width + GAP, 0);
  // The last column takes what is left of the line, so that lines which span the table have room.
  const spare = Math.max(0, options.width - full);
  const table = new Table({
    colWidths: [nameWidth, ...widths.map((width, i) => (i < widths.length - 1 ? width : width + spare))],
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0, compact: true },
  });
  const span = titles.length + 1;
  const line = (text: string) => table.push([{ content: text, colSpan: span }]);
  table.push([
    '',
    ...titles.map((title, i) => palette.strong(wrapName(title.text, widths[i] ?? 0).join('\n'))),
  ]);
  line(palette.faint('─'.repeat(full)));
  groups.forEach((group, i) => {
    if (i > 0) line('');
    line(palette.strong(groupTitle(group.api, group.mode)));
    for (const row of group.rows) {
      const texts = row.cells.map((cell, column) => paintCell(cell, widths[column] ?? 0, palette));
      table.push([row.check, ...texts]);
    }
  });
  return trimLines(table.toString());
}

/** Widths of the server columns: as wide as their cells and heads want to be, equal where the line has no room. */
function fitColumns(
  rows: ReadonlyArray<ReadonlyArray<Cell | null>>,
  titles: readonly ServerTitle[],
  room: number,
): readonly number[] {
  const wanted = titles.map((title, i) => {
    const texts = rows.map((cells) => cellText(cells[i] ?? null));
    const head = Math.min(columnsOf(title.text), WIDEST_HEAD);
    return Math.max(NARROWEST_COLUMN, head, ...texts.map(columnsOf)) + 1;
  });
  if (wanted.reduce((sum, width) => sum + width, 0) <= room) return wanted;
  return titles.map(() => Math.max(NARROWEST_COLUMN, Math.floor(room / titles.length)));
}

function paintCell(cell: Cell | null, width: number, palette: Palette): string {
  return cell === null ? '' : palette.verdict[cell.verdict](cellText(cell, width));
}

function sliceServers(groups: readonly Group[], from: number, to: number): readonly Group[] {
  const parts = groups.map((group) => {
    const rows = group.rows.map((row) => ({ ...row, cells: row.cells.slice(from, to) }));
    return { ...group, rows: rows.filter((row) => row.cells.some((cell) => cell !== null)) };
  });
  return parts.filter((group) => group.rows.length > 0);
}

/** `count` servers over as few tables as hold `most` each, none much smaller than another. */
function evenly(count: number, most: number): ReadonlyArray<readonly [from: number, to: number]> {
  const tables = Math.ceil(count / most);
  return Array.from({ length: tables }, (_, i) => {
    return [Math.round((i * count) / tables), Math.round(((i + 1) * count) / tables)] as const;
  });
}

function trimLines(text: string): string {
  return text
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
