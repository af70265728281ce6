/** Markdown for a pull request comment or `$GITHUB_STEP_SUMMARY`: the table per server version, then the failures. */

import type { Report, Verdict } from '../../model/report.ts';
import { actionsOf, historyOf } from '../shared/advice-text.ts';
import { compactCases, groupTitle } from '../shared/case-list.ts';
import { adviceOfFinding, type FindingGroup, findingsOf, frameText, unjudgedOf } from '../shared/findings.ts';
import { type Cell, type Group, gridOf, type Row } from '../shared/grid.ts';
import { headlines } from '../shared/headline-text.ts';
import { measuredOfFinding } from '../shared/measured.ts';
import { notServedLines } from '../shared/notes.ts';
import { joinTitles, type ServerTitle, serverTitles } from '../shared/server-title.ts';
import { stepLines, stepTitle } from '../shared/steps.ts';
import { countsLine, shardTitle } from '../shared/summary.ts';
import { findingLine, unjudgedLine } from '../table/remarks.ts';
import type { TerminalOptions } from '../table/table.ts';
import { cell, codeBlock, htmlCode, inline } from './text.ts';

/** A comment may hold 65,536 characters; what does not fit is counted and left out. */
const MOST_BYTES = 60_000;
const MARKS: Readonly<Record<Verdict, string>> = {
  pass: '✅',
  fail: '❌',
  warn: '⚠️',
  skip: '➖',
  error: '❓',
};

type Words = TerminalOptions['words'];

/** The report as Markdown of at most 60 KB. */
export function renderMarkdown(
  report: Report,
  { words, order, measured }: Pick<TerminalOptions, 'words' | 'order' | 'measured'>,
): string {
  const fails = findingsOf(report, 'fail', { words, order });
  const fresh = fails.filter((finding) => !finding.baselined);
  const known = fails.filter((finding) => finding.baselined);
  const titles = serverTitles(report.servers);
  const groups = gridOf(report, order);
  const halted = report.servers.map(({ halt }) => halt !== null);
  // A server that was not reached gets one line, not a mark in every row.
  const green = (row: Row) =>
    row.cells.every(
      (c, i) => c?.verdict !== 'fail' && c?.verdict !== 'warn' && (c?.verdict !== 'error' || halted[i]),
    );
  const odd = groups.map((group) => ({ ...group, rows: group.rows.filter((row) => !green(row)) }));
  return withinRoom([
    `## lastchunk: ${report.exitCode === 0 ? 'passed' : 'not passed'}`,
    headlines(report, words)
      .map((line) => `- **${inline(line)}**`)
      .join('\n'),
    countsLine(report),
    ...(report.steps ?? []).map((step) =>
      [`- **${inline(stepTitle(step))}**`, ...stepLines(step).map((line) => `  - ${inline(line)}`)].join(
        '\n',
      ),
    ),
    ...table(
      odd,
      titles,
      report.summary.pass > 0 ? 'Everything that was judged passed.' : 'Nothing was judged.',
    ),
    ...report.servers.flatMap((server, i) =>
      notServedLines(server).map((line) => `- ${inline(`${titles[i]?.text ?? server.name}: ${line}`)}`),
    ),
    ...(report.remarks ?? []).map((remark) => `- ${inline(remark)}`),
    ...fresh.map((finding) => failure(finding, words, measured)),
    list('Known failures (in the baseline)', known.map(findingLine)),
    list('Warnings', findingsOf(report, 'warn', { words, order }).map(findingLine)),
    list('Could not be judged', unjudgedOf(report, 'error').map(unjudgedLine)),
    groups.length > 0 ? folded('All checks', table(groups, titles, '').join('\n\n')) : '',
    `<sub>lastchunk ${inline(report.tool.version)}, suite ${inline(report.suite)}, seed ${report.seed}${shardTitle(report)}</sub>`,
  ]);
}

function table(
  groups: readonly Group[],
  titles: readonly ServerTitle[],
  otherwise: string,
): readonly string[] {
  const tables = groups
    .filter((group) => group.rows.length > 0)
    .map((group) => {
      const head = [groupTitle(group.api, group.mode), ...titles.map((title) => cell(title.text))];
      const rows = group.rows.map((row) => [cell(row.check), ...row.cells.map(cellText)]);
      const lines = [head, head.map(() => '---'), ...rows];
      return lines.map((cells) => `| ${cells.join(' | ')} |`).join('\n');
    });
  return tables.length > 0 ? tables : [otherwise];
}

function cellText(content: Cell | null): string {
  if (content === null) return '';
  const { verdict, classes, hits, of, lowered, baselined, intermittent } = content;
  const words = verdict === 'fail' || verdict === 'warn' ? cell(classes.join('/')) : '';
  const remarks = [lowered && 'accepted', baselined && 'known', intermittent && 'intermittent'].filter(
    Boolean,
  );
  const share = hits < of ? `${hits}/${of}` : '';
  const said = remarks.length > 0 ? `(${remarks.join(', ')})` : '';
  return [MARKS[verdict], words, share, said].filter(Boolean).join(' ');
}

function failure(finding: FindingGroup, words: Words, measured: TerminalOptions['measured']): string {
  const { check, shares, shown } = finding;
  const { result } = shown;
  const page = words(check);
  const servers = joinTitles(shares.map((share) => share.title));
  const ids = new Set(shares.flatMap((share) => share.results.map((each) => each.case)));
  const facts = [
    `- in ${compactCases([...ids])
      .map(inline)
      .join(', ')}`,
    result.expected && `- expected: ${inline(result.expected)}`,
    `- observed: ${inline(result.observed || result.message)}`,
    page && `- rule: ${page.rule}${page.source.url ? ` ([${page.source.title}](${page.source.url}))` : ''}`,
    result.confirmed &&
      `- confirmed: ${result.confirmed === '1/2' ? '1/2 (intermittent)' : result.confirmed}`,
  ];
  const advice = adviceOfFinding(finding, words).flatMap((one) => [
    ...historyOf(one).map(({ text, link }) => `- known: ${text} <${link}>`),
    ...actionsOf(one).map(({ text, link }) => `- **today:** ${text}${link === '' ? '' : ` <${link}>`}`),
  ]);
  const versions = measuredOfFinding(finding, measured).map((said) => `- measured: ${inline(said)}`);
  const frames = (result.evidence?.frames ?? []).slice(-4);
  const shownFrames = frames.map((frame) => `${Math.round(frame.at)} ms  ${frameText(frame)}`);
  const parts = [
    [...facts, ...advice, ...versions].filter(Boolean).join('\n'),
    ...(shownFrames.length > 0 ? [codeBlock(shownFrames)] : []),
    ...(result.evidence?.curl ? [codeBlock([result.evidence.curl], 'sh')] : []),
  ];
  return folded(`❌ ${htmlCode(check)} ${htmlCode(`${servers}: ${finding.classWord}`)}`, parts.join('\n\n'));
}

/** The summary is HTML: Markdown is not read in there. */
function folded(summary: string, content: string): string {
  return `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
}

function list(title: string, items: readonly string[]): string {
  if (items.length === 0) return '';
  return folded(`${title} (${items.length})`, items.map((item) => `- ${inline(item)}`).join('\n'));
}

/** Blocks one below the other until the room is used up; the last block is the footer and always comes. */
function withinRoom(blocks: readonly string[]): string {
  const wanted = blocks.filter(Boolean);
  const footer = wanted.at(-1) ?? '';
  const kept: string[] = [];
  let room = MOST_BYTES - Buffer.byteLength(footer) - 200;
  let left = 0;
  for (const block of wanted.slice(0, -1)) {
    const size = Buffer.byteLength(block) + 2;
    if (size > room) left += 1;
    else {
      kept.push(block);
      room -= size;
    }
  }
  const note = left > 0 ? [`_${left} more parts did not fit here: see the JSON or HTML report._`] : [];
  return `${[...kept, ...note, footer].join('\n\n')}\n`;
}
