/** One self-contained page: the table, filters, every finding with its frames. It loads nothing, from anywhere. */

import { createHash } from 'node:crypto';
import type { Report, Verdict } from '../../model/report.ts';
import { duration } from '../../text/duration.ts';
import { plural } from '../../text/plural.ts';
import { type FindingGroup, findingsOf, unjudgedOf } from '../shared/findings.ts';
import { lostLines } from '../shared/lost.ts';
import { notesOf } from '../shared/notes.ts';
import { longTitle, type ServerTitle, serverTitles } from '../shared/server-title.ts';
import { stepRemarks } from '../shared/steps.ts';
import { countsLine, shardTitle } from '../shared/summary.ts';
import { unjudgedLine } from '../table/remarks.ts';
import type { TerminalOptions } from '../table/table.ts';
import { findingHtml, shownOfEach } from './findings.ts';
import { type Anchor, matrix } from './matrix.ts';
import { resultsTable } from './results.ts';
import { script } from './script.ts';
import { style } from './style.ts';
import { type Html, html, trusted } from './template.ts';

const VERDICT_ORDER: readonly Verdict[] = ['fail', 'warn', 'error', 'pass', 'skip'];

/** The report as an HTML page. */
export function renderHtml(
  report: Report,
  { words, order }: Pick<TerminalOptions, 'words' | 'order'>,
): string {
  const titles = serverTitles(report.servers);
  const findings = [
    ...findingsOf(report, 'fail', { words, order }),
    ...findingsOf(report, 'warn', { words, order }),
  ];
  const most = shownOfEach(findings);
  const cards = findings.map((finding, i) =>
    findingHtml(finding, `f${i + 1}`, report, words(finding.check), most),
  );
  const passed = report.exitCode === 0;
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy())}">
<meta name="referrer" content="no-referrer"><link rel="icon" href="data:,">
<title>lastchunk: ${passed ? 'passed' : 'not passed'}, ${plural(report.servers.length, 'server')}</title>
<style>${trusted(style)}</style></head><body>
<a class="skip-link" href="#findings">Skip to the findings</a>
<header><h1>lastchunk ${report.tool.version}</h1>
<p class="verdict"><b class="${passed ? 'pass' : 'fail'}">${passed ? 'passed' : 'not passed'}</b> ${countsLine(report)}</p>
<p class="meta">${report.startedAt}, suite ${report.suite}, seed ${report.seed}${shardTitle(report)}${report.strict && ', strict'}, exit code ${report.exitCode}</p></header>
<main>${filters(titles)}
<section aria-labelledby="h-table"><h2 id="h-table">Table</h2>${matrix(report, titles, order, anchorsOf(findings, report))}</section>
<section aria-labelledby="findings"><h2 id="findings" tabindex="-1">Findings (${findings.length})</h2>
${cards}${findings.length === 0 && html`<p>Nothing failed, and nothing was warned about.</p>`}</section>
${remarks(report, titles)}
<section aria-labelledby="h-servers"><h2 id="h-servers">Servers</h2>${servers(report, titles)}</section>
${resultsTable(report, titles)}</main>
<script>${trusted(script)}</script></body></html>
`.html;
}

/** Only this style and this script may run, and nothing may be loaded. */
function policy(): string {
  const digest = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
  return `default-src 'none'; img-src data:; style-src ${digest(style)}; script-src ${digest(script)}; base-uri 'none'; form-action 'none'`;
}

function filters(titles: readonly ServerTitle[]): Html {
  const boxes = VERDICT_ORDER.map(
    (verdict) =>
      html`<label class="${verdict}"><input type="checkbox" name="verdict" value="${verdict}" checked> ${verdict}</label>`,
  );
  const options = titles.map((title, i) => html`<option value="${i}">${title.text}</option>`);
  return html`<form id="filters" hidden aria-label="Filters"><label>Search <input type="search" name="text"></label>
<fieldset><legend>Verdict</legend>${boxes}</fieldset>
<label>Server <select name="server"><option value="">all</option>${options}</select></label>
<button type="reset">Reset</button><output id="count" role="status" aria-live="polite"></output></form>`;
}

/** The finding behind a cell, by server, check, verdict and, where it is known, class. */
function anchorsOf(findings: readonly FindingGroup[], report: Report): Anchor {
  return (check, server, cell) => {
    const fitting = findings.flatMap((finding, i) => {
      const concerned = finding.shares.some((share) => share.server === report.servers[server]);
      const same = finding.check === check && finding.verdict === cell.verdict && concerned;
      return same ? [{ id: `f${i + 1}`, word: finding.classWord }] : [];
    });
    return (fitting.find(({ word }) => word === cell.classes[0]) ?? fitting[0])?.id ?? null;
  };
}

function remarks(report: Report, titles: readonly ServerTitle[]): Html {
  const lines = [
    ...stepRemarks(report),
    ...report.servers.flatMap((server, i) => [
      ...lostLines(server).map((line) => `${titles[i]?.text} ${line}`),
      ...notesOf(server).map((note) => `${titles[i]?.text}: ${note}`),
      ...(server.launched?.log ? [`${titles[i]?.text}: its log is ${server.launched.log}`] : []),
    ]),
    ...(report.remarks ?? []),
    ...unjudgedOf(report, 'error').map((unjudged) => `Not judged: ${unjudgedLine(unjudged)}`),
  ];
  if (lines.length === 0) return html``;
  return html`<section aria-labelledby="h-remarks"><h2 id="h-remarks">Remarks</h2><ul>${lines.map((line) => html`<li>${line}</li>`)}</ul></section>`;
}

function servers(report: Report, titles: readonly ServerTitle[]): Html {
  const heads = ['server', 'address', 'version told by', 'model', 'profile', 'requests', 'time'];
  const rows = report.servers.map((server, i) => {
    const title = titles[i];
    const facts = [
      server.baseUrl,
      server.identifiedBy ?? '',
      server.model ?? '',
      server.profile,
      server.requests,
    ];
    const cells = [...facts, duration(server.durationMs)].map((fact) => html`<td>${fact}</td>`);
    return html`<tr><th scope="row">${title ? longTitle(server, title) : server.name}</th>${cells}</tr>`;
  });
  return html`<div class="scroll" role="group" aria-labelledby="h-servers" tabindex="0"><table>
<thead><tr>${heads.map((head) => html`<th scope="col">${head}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>`;
}
