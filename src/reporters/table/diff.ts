/** A difference of two reports as text for a terminal. */

import {
  type Change,
  type Named,
  type Numbers,
  type ReportDiff,
  type ServerDiff,
  titleOf,
} from '../../judge/diff.ts';
import { groupBy } from '../../model/group-by.ts';
import { duration } from '../../text/duration.ts';
import { harmlessDeep } from '../../text/harmless.ts';
import { plural } from '../../text/plural.ts';
import { compactCases } from '../shared/case-list.ts';
import { padToColumns, wrapToColumns } from './columns.ts';
import { paletteOf } from './palette.ts';

export interface DiffOptions {
  readonly width: number;
  readonly colour: boolean;
  /** Also what is new, gone or failing as before, case by case. */
  readonly verbose: boolean;
}

const rows: ReadonlyArray<readonly [string, (numbers: Numbers) => string]> = [
  ['pass', ({ pass }) => String(pass)],
  ['fail', ({ fail }) => String(fail)],
  ['warn', ({ warn }) => String(warn)],
  ['skip', ({ skip }) => String(skip)],
  ['error', ({ error }) => String(error)],
  ['requests', ({ requests }) => String(requests)],
  ['took', ({ durationMs }) => duration(durationMs)],
  ['waited for the server', ({ serverMs }) => duration(serverMs)],
];

/** The whole difference, server by server, the verdict last. */
export function renderDiff(raw: ReportDiff, options: DiffOptions): string {
  const diff = harmlessDeep(raw);
  const palette = paletteOf(options.colour);
  const only = (servers: readonly Named[], which: string) =>
    servers.map((server) => `only in the ${which} report: ${label(server)}\n`);
  const fails = diff.servers.reduce((sum, { newlyFailing }) => sum + newlyFailing.length, 0);
  const mended = diff.servers.reduce((sum, one) => sum + one.mended.length, 0);
  const verdict = diff.unjudged && fails === 0 ? 'not all could be judged; ' : '';
  const last = `${verdict}${fails} newly failing, ${mended} mended`;
  const notes = diff.notes.map((note) => palette.faint(`not the same run: ${note}`));
  return [
    notes.map((note) => `${note}\n`).join(''),
    ...diff.servers.map((server) => serverText(server, options)),
    [...only(diff.onlyA, 'first'), ...only(diff.onlyB, 'second')].join(''),
    `${palette.verdict[fails > 0 || diff.unjudged ? 'fail' : 'pass'](last)}\n`,
  ]
    .filter(Boolean)
    .join('\n');
}

function label(server: Named): string {
  const title = titleOf(server);
  return title.startsWith(server.name) ? title : `${title} (${server.name})`;
}

function serverText(server: ServerDiff, options: DiffOptions): string {
  const palette = paletteOf(options.colour);
  const { a, b } = server.numbers;
  const table = rows
    .map(([name, of]) => [name, of(a), of(b)] as const)
    .filter(([, x, y]) => x !== '0' || y !== '0');
  const widest = (column: 0 | 1 | 2) => Math.max(...table.map((row) => row[column].length));
  const numbers = table.map(([name, x, y]) => {
    return `${padToColumns(name, widest(0))}  ${x.padStart(widest(1))}  ${y.padStart(widest(2))}`;
  });
  const sections = [
    section('Newly failing', '✗', server.newlyFailing, options),
    section('Mended', '✓', server.mended, options),
    section('No longer judged', '?', server.noLongerJudged, options),
    section('Changed otherwise', '!', server.otherwise, options),
    ...(options.verbose
      ? [
          section('New', '+', server.new, options),
          section('Gone', '-', server.gone, options),
          section('Failing as before', '=', server.stillFailing, options),
        ]
      : [countsOf(server)]),
  ];
  const head = palette.strong(`${label(server.a)}  →  ${label(server.b)}`);
  return [`${head}\n${numbers.join('\n')}\n`, ...sections].filter(Boolean).join('\n');
}

function countsOf({ new: added, gone, stillFailing }: ServerDiff): string {
  const said = [
    added.length > 0 && `${plural(added.length, 'result')} new`,
    gone.length > 0 && `${plural(gone.length, 'result')} gone`,
    stillFailing.length > 0 && `${plural(stillFailing.length, 'fail')} as before`,
  ].filter(Boolean);
  return said.length === 0 ? '' : `${said.join(', ')} (--verbose)\n`;
}

function section(title: string, mark: string, changes: readonly Change[], options: DiffOptions): string {
  if (changes.length === 0) return '';
  const palette = paletteOf(options.colour);
  const same = groupBy(changes, (change) => likeness(change, options.verbose));
  const lines = [...same.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const text = `${subjectOf(group)}: ${sideOf(first.was, first.before, first.kinds.before)} → ${sideOf(first.is, first.after, first.kinds.after)}`;
    const [head = '', ...rest] = wrapToColumns(text, options.width - 3);
    return [`${mark}  ${head}`, ...rest.map((line) => `   ${line}`)];
  });
  return `${palette.strong(`${title} (${changes.length})`)}\n${lines.join('\n')}\n`;
}

/** What could not be judged for one reason is said together, whatever the check; `verbose` keeps checks apart. */
function likeness({ check, was, is, kinds }: Change, verbose: boolean): string {
  const reasons = [...(isUnjudged(was) ? [kinds.before] : []), ...(isUnjudged(is) ? [kinds.after] : [])];
  const together = is !== 'fail' && reasons.length > 0 && !verbose;
  return JSON.stringify([was, is, ...(together ? reasons : [check, kinds.before, kinds.after])]);
}

const isUnjudged = (verdict: Change['was']) => verdict === 'skip' || verdict === 'error';

function subjectOf(group: readonly Change[]): string {
  const checks = new Set(group.map((change) => change.check));
  const cases = [...new Set(group.map((change) => change.case))];
  if (checks.size === 1) return `${[...checks].join('')} in ${compactCases(cases).join(', ')}`;
  return `${plural(checks.size, 'check')} in ${compactCases(cases, 3).join(', ')}`;
}

function sideOf(verdict: Change['was'], said: string, kind: string): string {
  if (verdict === null) return 'nothing';
  if (verdict === 'pass' || said === '') return verdict;
  return `${verdict} (${isUnjudged(verdict) ? kind : said})`;
}
