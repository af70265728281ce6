/** Everything a person reads on a terminal or in a pipe, from the servers' names to the line of counts. */

import { judgedNoStream } from '../../judge/exit-code.ts';
import type { Report, ServerReport, Verdict } from '../../model/report.ts';
import { harmless, harmlessDeep } from '../../text/harmless.ts';
import { headlines } from '../shared/headline-text.ts';
import { longTitle, serverTitles } from '../shared/server-title.ts';
import { stepLines, stepTitle } from '../shared/steps.ts';
import { countsLine, shardTitle } from '../shared/summary.ts';
import { columnsOf, padToColumns, wrapToColumns } from './columns.ts';
import { renderComparedWith } from './compared-with.ts';
import { renderFailures } from './failures.ts';
import { paletteOf } from './palette.ts';
import { renderRemarks, renderRun } from './remarks.ts';
import { renderTable, type TerminalOptions } from './table.ts';

/** The whole report as text; the verdict in words comes last, and alone where nothing was judged. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const parts =
    wasNothingJudged(report) && !options.verbose
      ? [renderHeadlines(report, options), renderRun(report, options)]
      : [
          renderServers(report, options),
          renderTable(report, options),
          renderComparedWith(report, options),
          renderFailures(report, options),
          renderRemarks(report, options),
          renderCounts(report, options) + renderHeadlines(report, options),
        ];
  return [...parts, renderSteps(report, options)].filter(Boolean).join('\n');
}

/** Where each server's sentence says it all. */
function wasNothingJudged({ summary, servers }: Report): boolean {
  const ended = ({ halt, results }: ServerReport) =>
    halt !== null || results.every(({ verdict }) => verdict === 'skip');
  return summary.pass + summary.fail + summary.warn === 0 && servers.every(ended);
}

function renderCounts(report: Report, { width, colour }: TerminalOptions): string {
  return `${wrapToColumns(countsLine(report), width).map(paletteOf(colour).faint).join('\n')}\n`;
}

/** One sentence a server, in the colour of what it says. */
function renderHeadlines(report: Report, { width, colour, words }: TerminalOptions): string {
  const palette = paletteOf(colour);
  if (report.servers.length === 0) return 'Nothing was judged.\n';
  const lines = headlines(report, words).flatMap((sentence, i) => {
    const server = report.servers[i];
    const paint = palette.verdict[server === undefined ? 'error' : verdictOf(server)];
    return wrapToColumns(sentence, width).map(paint);
  });
  return lines.map((line) => `${line}\n`).join('');
}

function verdictOf({ results, halt, silentReferences = [] }: ServerReport): Verdict {
  if (results.some(({ verdict, baselined }) => verdict === 'fail' && !baselined)) return 'fail';
  return halt !== null || silentReferences.length > 0 || judgedNoStream({ results }) ? 'error' : 'pass';
}

/** Where the logs of launched servers lie, and the verdicts of an upgrade, last; an empty string where no version was compared. */
export function renderSteps(report: Report, { width, colour }: TerminalOptions): string {
  const palette = paletteOf(colour);
  const indented = (line: string) =>
    wrapToColumns(line, width - 4).map((part, i) => `  ${i > 0 ? '  ' : ''}${part}`);
  const steps = harmlessDeep(report.steps ?? [], 300).flatMap((step) => {
    const verdict = step.breaks.length > 0 ? 'fail' : step.unjudged.length > 0 ? 'error' : 'pass';
    return [
      ...wrapToColumns(stepTitle(step), width).map(palette.verdict[verdict]),
      ...stepLines(step).flatMap(indented),
    ];
  });
  const titles = serverTitles(harmlessDeep(report.servers, 120));
  const logs = report.servers.flatMap(({ launched }, i) =>
    // Not wrapped: a path in two pieces is no path.
    launched?.log ? [`log of ${titles[i]?.text}: ${harmless(launched.log)}`] : [],
  );
  return [...logs.map(palette.faint), ...steps].map((line) => `${line}\n`).join('');
}

/** Which server is which: title, address, model, and how the version was told. */
function renderServers(report: Report, { width, colour, verbose }: TerminalOptions): string {
  const servers = harmlessDeep(report.servers, 200);
  const palette = paletteOf(colour);
  const titles = serverTitles(servers).map((title, i) => {
    const server = servers[i];
    return server ? longTitle(server, title) : title.text;
  });
  const widest = Math.min(Math.max(0, ...titles.map(columnsOf)), Math.floor(width / 2));
  const lines = servers.flatMap((server, i) => {
    const title = titles[i] ?? server.name;
    const [first = '', ...rest] = wrapToColumns(
      aboutServer(server, title, verbose ?? false),
      width - widest - 2,
    );
    if (columnsOf(title) > widest)
      return [...wrapToColumns(title, width), ...[first, ...rest].map((line) => `  ${line}`)];
    return [palette.strong(padToColumns(title, widest)), ...rest.map(() => ' '.repeat(widest))].map(
      (head, j) => `${head}  ${j === 0 ? first : rest[j - 1]}`.trimEnd(),
    );
  });
  const head = harmless(
    `lastchunk ${report.tool.version} · suite ${report.suite} · seed ${report.seed}${shardTitle(report).replace(',', ' ·')}`,
  );
  return `${[...wrapToColumns(head, width).map(palette.faint), ...lines].join('\n')}\n`;
}

function aboutServer(server: ServerReport, title: string, verbose: boolean): string {
  const parts = [
    title.includes(server.name) || server.baseUrl.includes(server.name) ? '' : server.name,
    server.baseUrl,
    server.model === null ? '' : `model ${server.model}`,
    server.launched || server.profile === (server.product ?? 'openai') ? '' : `profile ${server.profile}`,
    verbose && server.identifiedBy !== null ? `(version from ${server.identifiedBy})` : '',
  ];
  return parts.filter(Boolean).join(' ');
}
