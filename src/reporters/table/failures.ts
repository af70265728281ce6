/** Every failure once, with its evidence and how to reproduce it. */

import { apiOf } from '../../apis/index.ts';
import type { ApiId } from '../../model/api.ts';
import { modeOf } from '../../model/case-id.ts';
import type { CheckWords, Report, ShownFrame } from '../../model/report.ts';
import { adviceFor } from '../../products/advice.ts';
import { cutToLength, harmless, harmlessDeep } from '../../text/harmless.ts';
import { plural } from '../../text/plural.ts';
import { tellingOf } from '../../text/telling-json.ts';
import { commandLine } from '../../wire/curl.ts';
import { actionsOf, historyOf, type Sourced } from '../shared/advice-text.ts';
import { compactCases } from '../shared/case-list.ts';
import {
  adviceOfFinding,
  casesIn,
  confirmation,
  type FindingGroup,
  findingsOf,
  frameText,
  type Share,
} from '../shared/findings.ts';
import { measuredOfFinding } from '../shared/measured.ts';
import { joinTitles } from '../shared/server-title.ts';
import { columnsOf, cutMiddle, cutToColumns, wrapItems, wrapToColumns } from './columns.ts';
import { type Palette, paletteOf } from './palette.ts';
import type { TerminalOptions } from './table.ts';

const INDENT = 3;
const LABEL_WIDTH = 10;
const MOST_FRAMES = 4;
/** Of one frame. */
const MOST_LINES = 5;
/** A longer command line is cut: it is whole in the JSON report. */
const LONGEST_CURL = 3000;

/** The failures outside the baseline, one block each; an empty string where there are none. */
export function renderFailures(report: Report, options: TerminalOptions): string {
  const findings = findingsOf(harmlessDeep(report, LONGEST_CURL), 'fail', options);
  const fresh = findings.filter((finding) => !finding.baselined);
  if (fresh.length === 0) return '';
  const palette = paletteOf(options.colour);
  const blocks = fresh.map((finding) => failureBlock(finding, options, palette));
  const cases = plural(
    fresh.reduce((sum, finding) => sum + casesIn(finding), 0),
    'case',
  );
  return `${palette.strong(`${plural(fresh.length, 'failure')} (${cases})`)}\n\n${blocks.join('\n\n')}\n`;
}

function failureBlock(finding: FindingGroup, options: TerminalOptions, palette: Palette): string {
  const { result } = finding.shown;
  const words = options.words(finding.check);
  const room = options.width - INDENT - LABEL_WIDTH;
  const field = (label: string, lines: readonly string[]) =>
    lines.map(
      (line, i) => ' '.repeat(INDENT) + palette.faint((i === 0 ? label : '').padEnd(LABEL_WIDTH)) + line,
    );
  const text = (label: string, value: string) => (value ? field(label, wrapToColumns(value, room)) : []);
  const lines = [
    ...heading(finding, options.width, palette),
    ...field('cases', casesOf(finding.shares, options.verbose ?? false, room)),
    ...text('expected', result.expected),
    ...text('observed', result.observed),
    ...text('', result.message === result.observed ? '' : result.message),
    ...text('reference', result.reference ?? ''),
    ...adviceFields(finding, options, text),
    ...(words ? specification(words, text) : []),
    ...frameField(finding, room, field, palette),
    ...text('confirmed', confirmation(finding)),
    ...startAgain(finding, field),
    ...(result.evidence?.curl ? field('repeat', [cutToLength(result.evidence.curl, LONGEST_CURL)]) : []),
    // Not wrapped, so that it can be copied.
    ...(words ? field('more', [`lastchunk explain ${words.id}${productOf(finding)}`]) : []),
  ];
  return lines.map((line) => line.trimEnd()).join('\n');
}

/** What is known of it in the product, and what to do today. */
function adviceFields(
  finding: FindingGroup,
  { words, measured }: TerminalOptions,
  text: (label: string, value: string) => readonly string[],
): readonly string[] {
  const lines = (label: string, all: readonly Sourced[]) =>
    all.flatMap(({ text: said, link }, i) => text(i === 0 ? label : '', `${said} ${link}`.trimEnd()));
  const advice = adviceOfFinding(finding, words).flatMap((one) => [
    ...lines('known', historyOf(one)),
    ...lines('today', actionsOf(one)),
  ]);
  return [
    ...advice,
    ...measuredOfFinding(finding, measured).flatMap((said, i) => text(i === 0 ? 'measured' : '', said)),
  ];
}

/** What starts the server again that the line below asks: it is gone with the run. */
function startAgain(
  { shown: { server, result } }: FindingGroup,
  field: (label: string, lines: readonly string[]) => readonly string[],
): readonly string[] {
  if (server.startAgain === undefined || !result.evidence?.curl) return [];
  return field('start', [commandLine(server.startAgain)]);
}

/** The flag by which `explain` also says what helps in this product; empty where nothing is known of it. */
function productOf({ check, shares, shown: { result } }: FindingGroup): string {
  const known = shares.find(({ server }) => adviceFor(server, { ...result, check }).length > 0)?.server;
  if (known === undefined) return '';
  const name = [known.product, known.version].filter((part) => part !== null).join(' ');
  // A server says its version itself, and this is a line to be copied into a shell.
  return /^[\w .+-]+$/.test(name) ? ` --product "${name}"` : '';
}

function heading(finding: FindingGroup, width: number, palette: Palette): readonly string[] {
  const { check, shares, shown } = finding;
  const title = `${check}  ${shown.result.level}  ${joinTitles(shares.map((share) => share.title))}`;
  const [first = '', ...rest] = wrapToColumns(title, width - INDENT);
  const painted = palette.verdict.fail('✗') + first.replace(check, palette.strong(check)).replace(/^/, '  ');
  return [painted, ...rest.map((line) => ' '.repeat(INDENT) + line)];
}

/** Where it was seen, on all servers together; then the servers that it was not seen on everywhere. */
function casesOf(shares: readonly Share[], verbose: boolean, room: number): readonly string[] {
  const idsOf = (share: Share) => share.results.map((result) => result.case);
  const all = [...new Set(shares.flatMap(idsOf))];
  const fewer = shares.filter((share) => share.results.length < all.length);
  const counts = fewer.map(
    ({ title, results }) => `${title.text}: in ${results.length} of these ${all.length}`,
  );
  return [...fittingCases(all, verbose, room), ...counts.flatMap((line) => wrapToColumns(line, room))];
}

/** As many case names as fit on their line; all of them where that is asked for. */
function fittingCases(ids: readonly string[], verbose: boolean, room: number): readonly string[] {
  if (verbose)
    return compactCases(ids, Number.POSITIVE_INFINITY).flatMap((line) => {
      return wrapItems(line.split(/(?<=,)/), room, '');
    });
  const tries = [8, 7, 6, 5, 4, 3, 2].map((most) => compactCases(ids, most));
  const fitting = tries.find((lines) => lines.every((line) => columnsOf(line) <= room));
  return (fitting ?? compactCases(ids, 1)).map((line) => cutToColumns(line, room));
}

function specification(
  words: CheckWords,
  text: (label: string, value: string) => readonly string[],
): readonly string[] {
  const { title, url, says } = words.source;
  return [...text('rule', `“${harmless(says)}”`), ...text('', url ? `${title} ${url}` : title)];
}

/** What tells something of a frame, in a few lines; a frame that has nothing of it in one. */
function frameLines(frame: ShownFrame, api: ApiId, room: number): readonly string[] {
  const telling = tellingOf(frame.data, apiOf(api).terms.telling);
  if (telling === null) return [cutMiddle(frameText(frame), room)];
  const text = harmless(frameText({ ...frame, data: telling }));
  return wrapToColumns(cutMiddle(text, room * (MOST_LINES - 1)), room).slice(0, MOST_LINES);
}

function frameField(
  finding: FindingGroup,
  room: number,
  field: (label: string, lines: readonly string[]) => readonly string[],
  palette: Palette,
): readonly string[] {
  const { result, title } = finding.shown;
  const frames = result.evidence?.frames ?? [];
  if (frames.length === 0) return [];
  const several = finding.shares.length > 1 ? `, ${title.text}` : '';
  const last = frames.slice(-MOST_FRAMES);
  const times = last.map((frame) => `${Math.round(frame.at)} ms`);
  const widest = Math.max(...times.map(columnsOf));
  const lines = last.flatMap((frame, i) => {
    const time = (times[i] ?? '').padStart(widest);
    const [first = '', ...rest] = frameLines(frame, result.api, room - widest - 2);
    return [`${palette.faint(time)}  ${first}`, ...rest.map((line) => `${' '.repeat(widest)}  ${line}`)];
  });
  const whole = modeOf(result.case) === 'nonstream';
  const which = whole
    ? result.case
    : `${last.length === 1 ? 'the last' : `the last ${last.length}`} of ${result.case}`;
  return field(whole ? 'answer' : 'frames', [cutToColumns(which + several, room), ...lines]);
}
