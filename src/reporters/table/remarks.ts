/** Short sections below the failures: known failures, warnings, what could not be judged, halts, notes. */

import { oftenOf, verdicts } from '../../judge/summary.ts';
import { groupBy } from '../../model/group-by.ts';
import type { Report, ServerReport } from '../../model/report.ts';
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
  return sectionsText(sectionsOf(harmlessDeep(report), options), options);
}

/** Only what is to be said of the run as a whole. */
export function renderRun(report: Report, options: TerminalOptions): string {
  return sectionsText([runSection(harmlessDeep(report))], options);
}

function sectionsText(sections: readonly Section[], options: TerminalOptions): string {
  const palette = paletteOf(options.colour);
  return sections
    .filter(({ items }) => items.length > 0)
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
  const known = findingsOf(report, 'fail', options).filter((finding) => finding.baselined);
  const skips = options.verbose ? unjudgedOf(report, 'skip') : [];
  return [
    { title: 'Known failures (in the baseline)', mark: '✗', items: known.map(findingLine) },
    { title: 'Warnings', mark: '!', items: findingsOf(report, 'warn', options).map(findingLine) },
    { title: 'Not the same in each run', mark: '~', items: perServer(unevenLines) },
    {
      title: 'Could not be judged',
      mark: '?',
      items: unjudgedOf(report, 'error').filter(isNews).map(unjudgedLine),
    },
    { title: 'Skipped', mark: '–', items: skips.map(unjudgedLine) },
    { title: 'Notes', mark: '-', items: perServer(notesOf) },
    runSection(report),
  ];
}

const runSection = ({ remarks = [] }: Report): Section => ({ title: 'The run', mark: '-', items: remarks });

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

/** The verdict in words says why a server's run ended early. */
const isNews = ({ server, message }: UnjudgedGroup): boolean => server.halt?.message !== message;

/** A reason in one line, with what it kept from being judged. */
export function unjudgedLine({ title, message, results }: UnjudgedGroup): string {
  const checks = [...new Set(results.map((result) => result.check))];
  const cases = [...new Set(results.map((result) => result.case))];
  const what = checks.length === 1 ? checks[0] : plural(checks.length, 'check');
  const where = cases.length === 1 ? cases[0] : plural(cases.length, 'case');
  return `${title.text}: ${message} (${what} in ${where})`;
}
