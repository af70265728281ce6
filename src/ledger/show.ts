/** Totals as a table, JSON or CSV. What came from clients and servers is escaped. */
import Table from 'cli-table3';
import { harmless, harmlessJson } from '../text/harmless.ts';
import type { GroupTotals, LedgerTotals, Tokens } from './totals.ts';

export const ledgerFormats = ['table', 'json', 'csv'] as const;
export type LedgerFormat = (typeof ledgerFormats)[number];

const MOST_NAME = 80;

const COLUMNS: ReadonlyArray<readonly [head: string, of: (totals: GroupTotals) => number | string]> = [
  ['requests', ({ requests }) => requests],
  ['streams', ({ streams }) => streams],
  ['without_usage', ({ withoutUsage }) => withoutUsage],
  ['reported_prompt', ({ reported }) => reported.prompt],
  ['reported_completion', ({ reported }) => reported.completion],
  ['counted_prompt', ({ counted }) => counted.prompt],
  ['counted_completion', ({ counted }) => counted.completion],
  ['estimated_prompt', ({ estimated }) => estimated.prompt],
  ['estimated_completion', ({ estimated }) => estimated.completion],
  ['problems', ({ problems }) => [...problems].map(([id, count]) => `${id} ${count}`).join(' ')],
];

/** @param by what the groups are; null: there are none */
export function shown(totals: LedgerTotals, by: string | null, format: LedgerFormat): string {
  if (format === 'json') return asJson(totals, by);
  const rows: ReadonlyArray<readonly [string, GroupTotals]> = [...totals.groups, ['total', totals.all]];
  const heads = [by ?? '', ...COLUMNS.map(([head]) => head)];
  const cells = rows.map(([name, group]) => [name, ...COLUMNS.map(([, of]) => of(group))]);
  if (format === 'csv')
    return `${[heads, ...cells].map((row) => row.map(csvCell).join(',')).join('\r\n')}\r\n`;
  const table = new Table({
    head: heads.map((head) => head.replaceAll('_', ' ')),
    style: { head: [], border: [] },
    colAligns: heads.map((head, at) => (at === 0 || head === 'problems' ? 'left' : 'right')),
  });
  for (const row of cells) table.push(row.map((cell) => harmless(String(cell), MOST_NAME * 4)));
  return `${table.toString()}\n`;
}

function asJson(totals: LedgerTotals, by: string | null): string {
  const groups = totals.groups.map(([name, group]) => ({ name, ...plain(group) }));
  return harmlessJson(`${JSON.stringify({ by, total: plain(totals.all), groups }, null, 2)}\n`);
}

const names = ({ prompt, completion, total }: Tokens) => ({ prompt, completion, total });

function plain(totals: GroupTotals) {
  const { requests, streams, withoutUsage, reported, counted, estimated, problems, ends } = totals;
  return {
    requests,
    streams,
    withoutUsage,
    reported: names(reported),
    counted: names(counted),
    estimated: names(estimated),
    problems: Object.fromEntries(problems),
    ends: Object.fromEntries(ends),
  };
}

/** A spreadsheet takes what begins with one of these for a formula. */
const FORMULA = /^[=+\-@\t\r]/;

function csvCell(cell: number | string): string {
  if (typeof cell === 'number') return String(cell);
  const text = harmless(cell, MOST_NAME * 4);
  return /[",\r\n]/.test(text) || FORMULA.test(text)
    ? `"${FORMULA.test(text) ? "'" : ''}${text.replaceAll('"', '""')}"`
    : text;
}
