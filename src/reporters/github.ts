/** Annotations of GitHub Actions: one workflow command per finding, known failures left out. */

import { remarkOn } from '../judge/baseline-remarks.ts';
import type { CheckWords, Report } from '../model/report.ts';
import { harmlessDeep } from '../text/harmless.ts';
import { compactCases } from './shared/case-list.ts';
import { type FindingGroup, findingsOf, unjudgedOf } from './shared/findings.ts';
import { headlines } from './shared/headline-text.ts';
import { lostLines } from './shared/lost.ts';
import { notServedLines } from './shared/notes.ts';
import { joinTitles, serverTitles } from './shared/server-title.ts';
import { stepLines, stepTitle } from './shared/steps.ts';
import { countsLine } from './shared/summary.ts';
import { unjudgedLine } from './table/remarks.ts';
import type { TerminalOptions } from './table/table.ts';

type Severity = 'error' | 'warning' | 'notice';

/** GitHub shows ten of a kind for a step; more are of use in the log only up to a point. */
const MOST_OF_ONE_KIND = 50;

/** The report as workflow commands, failures first, the line of counts last. */
export function renderGithub(
  raw: Report,
  { words, order }: Pick<TerminalOptions, 'words' | 'order'>,
): string {
  const report = harmlessDeep(raw, 1000);
  const titles = serverTitles(report.servers);
  const halts = report.servers.flatMap((server, i) =>
    lostLines(server).map((line) => command('error', titles[i]?.text ?? server.name, line)),
  );
  const fails = findingsOf(report, 'fail', { words, order }).filter((finding) => !finding.baselined);
  const warns = findingsOf(report, 'warn', { words, order }).filter((finding) => !finding.baselined);
  const ofWarns = report.failOn === 'warn' ? 'error' : 'warning';
  const errors = unjudgedOf(report, 'error').map((unjudged) =>
    command('warning', 'could not be judged', unjudgedLine(unjudged)),
  );
  const untrue = (report.baseline ?? []).flatMap(remarkOn);
  const others = (report.remarks ?? []).filter((remark) => !untrue.includes(remark));
  const lines = [
    ...bounded(fails.map((finding) => findingCommand('error', finding, words(finding.check)))),
    ...bounded(halts),
    ...bounded(warns.map((finding) => findingCommand(ofWarns, finding, words(finding.check)))),
    ...bounded(errors),
    ...(report.steps ?? []).map((step) =>
      command(
        step.breaks.length > 0 ? 'error' : step.unjudged.length > 0 ? 'warning' : 'notice',
        'upgrade',
        [stepTitle(step), ...stepLines(step)].join('\n'),
      ),
    ),
    ...bounded(untrue.map((remark) => command('error', 'baseline', remark))),
    ...others.map((remark) => command('warning', 'lastchunk', remark)),
    ...report.servers.flatMap((server, i) =>
      notServedLines(server).map((line) => command('notice', titles[i]?.text ?? server.name, line)),
    ),
    command('notice', 'lastchunk', [...headlines(report, words), countsLine(report)].join('\n')),
  ];
  return `${lines.join('\n')}\n`;
}

function findingCommand(severity: Severity, finding: FindingGroup, words: CheckWords | undefined): string {
  const { check, shares, shown, lowered } = finding;
  const servers = joinTitles(shares.map((share) => share.title));
  const ids = new Set(shares.flatMap((share) => share.results.map((result) => result.case)));
  const { expected, observed, message } = shown.result;
  const lines = [
    words?.rule,
    `observed: ${observed || message}`,
    expected && `expected: ${expected}`,
    lowered && `accepted by the profile: ${lowered.reason} ${lowered.link}`,
    `in ${compactCases([...ids]).join(', ')}`,
    words?.source.url,
  ];
  return command(severity, `${check}: ${servers}`, lines.filter(Boolean).join('\n'));
}

function bounded(commands: readonly string[]): readonly string[] {
  if (commands.length <= MOST_OF_ONE_KIND) return commands;
  const more = commands.length - MOST_OF_ONE_KIND;
  return [
    ...commands.slice(0, MOST_OF_ONE_KIND),
    command('notice', 'lastchunk', `${more} more are in the full report`),
  ];
}

/** `::error title=…::…`; nothing in title or message can end it or start another. */
function command(severity: Severity, title: string, message: string): string {
  return `::${severity} title=${property(title)}::${data(message)}`;
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
