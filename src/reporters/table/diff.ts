/** A difference of two reports as text for a terminal. */

import type { Change, Named, ReportDiff, ServerDiff } from '../../judge/diff.ts';
import { harmlessDeep } from '../../text/harmless.ts';
import { plural } from '../../text/plural.ts';
import { changesAlike, isWorse, nameOf, numberRows, sectionsOf, verdictOf } from '../shared/diff-text.ts';
import { padToColumns, wrapToColumns } from './columns.ts';
import { paletteOf } from './palette.ts';

export interface DiffOptions {
  readonly width: number;
  readonly colour: boolean;
  /** Also what is new, gone or failing as before, case by case. */
  readonly verbose: boolean;
}

/** The whole difference, server by server, the verdict last. */
export function renderDiff(raw: ReportDiff, options: DiffOptions): string {
  const diff = harmlessDeep(raw);
  const palette = paletteOf(options.colour);
  const only = (servers: readonly Named[], which: string) =>
    servers.map((server) => `only in the ${which} report: ${nameOf(server)}\n`);
  const bad = isWorse(diff);
  const notes = diff.notes.map((note) => palette.faint(`not the same run: ${note}`));
  return [
    notes.map((note) => `${note}\n`).join(''),
    ...diff.servers.map((server) => serverText(server, options)),
    [...only(diff.onlyA, 'first'), ...only(diff.onlyB, 'second')].join(''),
    `${palette.verdict[bad ? 'fail' : 'pass'](verdictOf(diff))}\n`,
  ]
    .filter(Boolean)
    .join('\n');
}

function serverText(server: ServerDiff, options: DiffOptions): string {
  const palette = paletteOf(options.colour);
  const table = numberRows(server);
  const widest = (column: 0 | 1 | 2) => Math.max(...table.map((row) => row[column].length));
  const numbers = table.map(([name, x, y]) => {
    return `${padToColumns(name, widest(0))}  ${x.padStart(widest(1))}  ${y.padStart(widest(2))}`;
  });
  const sections = sectionsOf(server)
    .filter(({ shown }) => shown === 'always' || options.verbose)
    .map(({ title, mark, changes }) => section(title, mark, changes, options));
  if (!options.verbose) sections.push(countsOf(server));
  const head = palette.strong(`${nameOf(server.a)}  →  ${nameOf(server.b)}`);
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
  const lines = changesAlike(changes, options.verbose).flatMap(({ subject, before, after }) => {
    const text = `${subject}: ${before} → ${after}`;
    const [head = '', ...rest] = wrapToColumns(text, options.width - 3);
    return [`${mark}  ${head}`, ...rest.map((line) => `   ${line}`)];
  });
  return `${palette.strong(`${title} (${changes.length})`)}\n${lines.join('\n')}\n`;
}
