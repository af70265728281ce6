/** One self-contained page: the table, filters, every finding with its frames. It loads nothing, from anywhere. */

import type { Report, Verdict } from '../../model/report.ts';
import { duration } from '../../text/duration.ts';
import { plural } from '../../text/plural.ts';
import { findingSlug, serverSlugs, slug, unique } from '../shared/anchors.ts';
import { adviceOfFinding, type FindingGroup, findingsOf, unjudgedOf } from '../shared/findings.ts';
import { headlines } from '../shared/headline-text.ts';
import { lostLines } from '../shared/lost.ts';
import { measuredOfFinding } from '../shared/measured.ts';
import { notesOf } from '../shared/notes.ts';
import { longTitle, type ServerTitle, serverTitles } from '../shared/server-title.ts';
import { stepRemarks } from '../shared/steps.ts';
import { countsLine, shardTitle } from '../shared/summary.ts';
import { unjudgedLine } from '../table/remarks.ts';
import type { TerminalOptions } from '../table/table.ts';
import { findingHtml, shownOfEach } from './findings.ts';
import { type Anchor, matrix } from './matrix.ts';
import { page, provenance } from './page.ts';
import { resultsTable } from './results.ts';
import { type Html, html } from './template.ts';

const VERDICT_ORDER: readonly Verdict[] = ['fail', 'warn', 'error', 'pass', 'skip'];

/** Ids of the page itself: what comes from a report must not be taken for them. */
const OWN_IDS = ['filters', 'count', 'matrix', 'results', 'findings', 'h-table', 'h-remarks', 'h-servers'];

/** The report as an HTML page. */
export function renderHtml(
  report: Report,
  { words, order, measured }: Pick<TerminalOptions, 'words' | 'order' | 'measured'>,
): string {
  const titles = serverTitles(report.servers);
  const servers = serverSlugs(report.servers);
  const findings = [
    ...findingsOf(report, 'fail', { words, order }),
    ...findingsOf(report, 'warn', { words, order }),
  ];
  const ids = unique([...OWN_IDS, ...findings.map(findingSlug)]).slice(OWN_IDS.length);
  const aliases = aliasesOf(findings, ids);
  const isFirst = (finding: FindingGroup) =>
    findings.find(({ check }) => check === finding.check) === finding;
  const most = shownOfEach(findings);
  const cards = findings.map((finding, i) =>
    findingHtml(finding, {
      ...{
        report,
        servers,
        most,
        id: ids[i] ?? '',
        alias: isFirst(finding) ? (aliases.get(finding.check) ?? null) : null,
      },
      words: words(finding.check),
      allWords: words,
      advice: adviceOfFinding(finding, words),
      measured: measuredOfFinding(finding, measured),
    }),
  );
  const passed = report.exitCode === 0;
  const slugs = report.servers.map((server) => servers.get(server) ?? '');
  return page(
    `lastchunk: ${passed ? 'passed' : 'not passed'}, ${plural(report.servers.length, 'server')}`,
    'findings',
    [
      html`<header><h1>lastchunk ${report.tool.version}</h1>
<ul class="headline">${headlines(report, words).map((sentence) => html`<li>${sentence}</li>`)}</ul>
<p class="verdict"><b class="${passed ? 'pass' : 'fail'}">${passed ? 'passed' : 'not passed'}</b> ${countsLine(report)}</p>
<p class="meta">${report.startedAt}, suite ${report.suite}, seed ${report.seed}${shardTitle(report)}${report.strict && ', strict'}, exit code ${report.exitCode}</p></header>
<main>${filters(titles, slugs)}
<section aria-labelledby="findings"><h2 id="findings" tabindex="-1">Findings (${findings.length})</h2>
${cards}${findings.length === 0 && html`<p>Nothing failed, and nothing was warned about.</p>`}</section>
<section aria-labelledby="h-table"><h2 id="h-table">Table</h2>${matrix(report, titles, slugs, order, anchorsOf(findings, ids, report))}</section>
${remarks(report, titles)}
<section aria-labelledby="h-servers"><h2 id="h-servers">Servers</h2>${serverTable(report, titles)}</section>
${resultsTable(report, titles, slugs)}</main>
<footer>${provenance(report)}</footer>`,
    ],
  );
}

/** The first finding of a check can be reached by the name of the check, too. */
function aliasesOf(findings: readonly FindingGroup[], ids: readonly string[]): ReadonlyMap<string, string> {
  const checks = [...new Set(findings.map(({ check }) => check))];
  const names = unique([...OWN_IDS, ...ids, ...checks.map(slug)]).slice(-checks.length);
  return new Map(checks.map((check, i) => [check, names[i] ?? '']));
}

function filters(titles: readonly ServerTitle[], slugs: readonly string[]): Html {
  const boxes = VERDICT_ORDER.map(
    (verdict) =>
      html`<label class="${verdict}"><input type="checkbox" name="verdict" value="${verdict}" checked> ${verdict}</label>`,
  );
  const options = titles.map((title, i) => html`<option value="${slugs[i]}">${title.text}</option>`);
  return html`<form id="filters" hidden aria-label="Filters"><label>Search <input type="search" name="text"></label>
<fieldset><legend>Verdict</legend>${boxes}</fieldset>
<label>Server <select name="server"><option value="">all</option>${options}</select></label>
<button type="reset">Reset</button><output id="count" role="status" aria-live="polite"></output></form>`;
}

/** The finding behind a cell, by server, check, verdict and, where it is known, class. */
function anchorsOf(findings: readonly FindingGroup[], ids: readonly string[], report: Report): Anchor {
  return (check, server, cell) => {
    const fitting = findings.flatMap((finding, i) => {
      const concerned = finding.shares.some((share) => share.server === report.servers[server]);
      const same = finding.check === check && finding.verdict === cell.verdict && concerned;
      return same ? [{ id: ids[i] ?? '', word: finding.classWord }] : [];
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

function serverTable(report: Report, titles: readonly ServerTitle[]): Html {
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
