/** Everything a person reads on a terminal or in a pipe, from the servers' names to the line of counts. */

import type { Report, ServerReport } from '../../model/report.ts';
import { harmless, harmlessDeep } from '../../text/harmless.ts';
import { longTitle, serverTitles } from '../shared/server-title.ts';
import { stepLines, stepTitle } from '../shared/steps.ts';
import { countsLine, shardTitle } from '../shared/summary.ts';
import { columnsOf, padToColumns, wrapToColumns } from './columns.ts';
import { renderComparedWith } from './compared-with.ts';
import { renderFailures } from './failures.ts';
import { paletteOf } from './palette.ts';
import { renderRemarks } from './remarks.ts';
import { renderTable, type TerminalOptions } from './table.ts';

/** The whole report as text. */
export function renderTerminal(report: Report, options: TerminalOptions): string {
  const palette = paletteOf(options.colour);
  const counts = countsLine(report);
  const verdict = palette.verdict[report.exitCode === 0 ? 'pass' : 'fail'];
  const parts = [
    renderServers(report, options),
    renderTable(report, options),
    renderComparedWith(report, options),
    renderFailures(report, options),
    renderRemarks(report, options),
    `${wrapToColumns(counts, options.width).map(verdict).join('\n')}\n`,
    renderSteps(report, options),
  ];
  return parts.filter(Boolean).join('\n');
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
