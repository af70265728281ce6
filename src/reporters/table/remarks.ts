/** Short sections below the failures: known failures, warnings, what could not be judged, halts, notes. */

import { judgedNoStream } from '../../judge/exit-code.ts';
import { oftenOf, verdicts } from '../../judge/summary.ts';
import { parseCase } from '../../model/case-id.ts';
import { groupBy } from '../../model/group-by.ts';
import type { Halt, Report, ServerReport } from '../../model/report.ts';
import { harmlessDeep } from '../../text/harmless.ts';
import { plural } from '../../text/plural.ts';
import { compactCases } from '../shared/case-list.ts';
import { type FindingGroup, findingsOf, type UnjudgedGroup, unjudgedOf } from '../shared/findings.ts';
import { notesOf } from '../shared/notes.ts';
import { joinTitles, serverTitles } from '../shared/server-title.ts';
import { wrapToColumns } from './columns.ts';
import { paletteOf } from './palette.ts';
import type { TerminalOptions } from './table.ts';

const MOST_ITEMS = 20;

/** One section of short items. */
interface Section {
  readonly title: string;
  readonly mark: string;
  readonly items: readonly string[];
}

/** The sections that have something to say; an empty string where none has. */
export function renderRemarks(report: Report, options: TerminalOptions): string {
  const palette = paletteOf(options.colour);
  const sections = sectionsOf(harmlessDeep(report), options).filter(({ items }) => items.length > 0);
  return sections
    .map(({ title, mark, items }) => {
      const shown = options.verbose ? items : bounded(items);
      const lines = shown.flatMap((item) => {
        const [first = '', ...rest] = wrapToColumns(item, options.width - 3);
        return [`${mark}  ${first}`, ...rest.map((line) => `   ${line}`)];
      });
      return `${palette.strong(title)}\n${lines.join('\n')}\n`;
    })
    .join('\n');
}

/** Bounded, so that a server with a hundred different failures does not hide the rest. */
function bounded(items: readonly string[]): readonly string[] {
  if (items.length <= MOST_ITEMS) return items;
  return [
    ...items.slice(0, MOST_ITEMS),
    `… and ${items.length - MOST_ITEMS} more: see --verbose or the JSON report`,
  ];
}

function sectionsOf(report: Report, options: TerminalOptions): readonly Section[] {
  const titles = serverTitles(report.servers);
  const perServer = (lines: (server: ServerReport) => readonly string[]) =>
    report.servers.flatMap((server, i) => lines(server).map((line) => `${titles[i]?.text}: ${line}`));
  const known = findingsOf(report, 'fail', options.order).filter((finding) => finding.baselined);
  const skips = options.verbose ? unjudgedOf(report, 'skip') : [];
  return [
    { title: 'Known failures (in the baseline)', mark: '✗', items: known.map(findingLine) },
    { title: 'Warnings', mark: '!', items: findingsOf(report, 'warn', options.order).map(findingLine) },
    { title: 'Not the same in each run', mark: '~', items: perServer(unevenLines) },
    {
      title: 'Could not be judged',
      mark: '?',
      items: [
        ...report.servers.flatMap((server, i) =>
          refusedLines(server).map((line) => `${titles[i]?.text} ${line}`),
        ),
        ...unjudgedOf(report, 'error').map(unjudgedLine),
      ],
    },
    { title: 'Skipped', mark: '–', items: skips.map(unjudgedLine) },
    { title: 'Ended early', mark: '?', items: perServer(({ halt }) => haltLines(halt)) },
    { title: 'Notes', mark: '-', items: perServer(notesOf) },
    { title: 'The run', mark: '-', items: report.remarks ?? [] },
  ];
}

/** Cases whose verdict differed between repeated runs; those that one fault kept from being judged are one item. */
function unevenLines({ results }: ServerReport): readonly string[] {
  const uneven = results.flatMap(({ check, case: key, times }) => {
    const came = times === undefined ? [] : verdicts.filter((verdict) => times[verdict] > 0);
    if (times === undefined || came.length < 2) return [];
    return [{ check, how: `${key}: ${came.map((verdict) => oftenOf(verdict, times)).join(', ')}` }];
  });
  return [...groupBy(uneven, ({ how }) => how)].map(
    ([how, same]) => `${same.length === 1 ? same[0]?.check : plural(same.length, 'check')} in ${how}`,
  );
}

/** A finding in one line: what, where, and why it is no failure where a profile says so. */
export function findingLine(finding: FindingGroup): string {
  const { check, shares, shown, lowered } = finding;
  const ids = shares.flatMap((share) => share.results.map((result) => result.case));
  const cases = compactCases([...new Set(ids)], 2);
  const more = cases.length > 1 ? ` and ${cases.length - 1} more` : '';
  const what = `${check}: ${shown.result.observed || shown.result.message}`;
  const accepted = lowered ? `; accepted by the profile: ${lowered.reason} ${lowered.link}` : '';
  return `${what} (${joinTitles(shares.map((share) => share.title))}; ${cases[0]}${more})${accepted}`;
}

/** A reason in one line, with what it kept from being judged. */
export function unjudgedLine({ title, message, results }: UnjudgedGroup): string {
  const checks = [...new Set(results.map((result) => result.check))];
  const cases = [...new Set(results.map((result) => result.case))];
  const what = checks.length === 1 ? checks[0] : plural(checks.length, 'check');
  const where = cases.length === 1 ? cases[0] : plural(cases.length, 'case');
  return `${title.text}: ${message} (${what} in ${where})`;
}

const HALTS: Readonly<Record<Halt['kind'], string>> = {
  unreached: 'was not judged',
  died: 'died',
  'given-up': 'was given up',
  unauthorized: 'wants authentication',
  lost: 'was lost',
  interrupted: 'was interrupted',
  'out-of-time': 'was not judged to the end',
};

/** Why a server's run ended early, in a sentence. */
function haltLines(halt: Halt | null): readonly string[] {
  if (halt === null) return [];
  return [`${HALTS[halt.kind]}${halt.case ? ` at ${halt.case}` : ''}: ${halt.message}`];
}

/** What was not judged though nothing erred: a run that ends with 3 must say why. */
export function refusedLines(server: ServerReport): readonly string[] {
  const silent = server.silentReferences ?? [];
  return [...noStreamLines(server), ...silent.map(({ message }) => `was not compared as asked: ${message}`)];
}

/** Why nothing was judged in any stream, where only skips say it. */
function noStreamLines({ halt, results }: ServerReport): readonly string[] {
  const streams = results.filter((result) => parseCase(result.case).mode === 'stream');
  const chosen = streams.length > 0 ? streams : results;
  if (halt !== null || !judgedNoStream({ results }) || chosen.some(({ verdict }) => verdict === 'error'))
    return [];
  const refused = chosen.find(({ check, verdict }) => check === 'request-answered' && verdict === 'skip');
  // Streams that break off were answered, of which there is nothing to say.
  const said = refused ?? chosen.find(({ message }) => message !== '');
  if (said === undefined) return [];
  return [`could not be judged${streams.length > 0 ? ' in any stream' : ''}: ${said.message}`];
}

/** Why a server was not judged to the end, or not at all. */
export function lostLines(server: ServerReport): readonly string[] {
  return [...haltLines(server.halt), ...refusedLines(server)];
}
