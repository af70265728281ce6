/** Two reports compared, as a page: what fails now, with its remedy and its evidence, then all else that changed. */
import { adviceOn } from '../../judge/advice.ts';
import type { Named, ReportDiff, ServerDiff } from '../../judge/diff.ts';
import type { Report, Result, ServerReport } from '../../model/report.ts';
import { plural } from '../../text/plural.ts';
import { slug, unique } from '../shared/anchors.ts';
import {
  type ChangesAlike,
  changesAlike,
  isWorse,
  nameOf,
  numberRows,
  sectionsOf,
  verdictOf,
} from '../shared/diff-text.ts';
import { concernIn, headlines, type Words } from '../shared/headline-text.ts';
import { evidenceHtml } from './evidence.ts';
import { remedyHtml } from './findings.ts';
import { page, provenance } from './page.ts';
import { line } from './prose.ts';
import { type Html, html } from './template.ts';

/** Of one list no more are shown: the JSON report has them all. */
const MOST_LINES = 200;

/** The two reports that are compared, the earlier first. */
export interface Compared {
  readonly diff: ReportDiff;
  readonly a: Report;
  readonly b: Report;
}

/** The difference as an HTML page. */
export function renderDiffHtml({ diff, a, b }: Compared, { words }: { readonly words: Words }): string {
  const verdict = verdictOf(diff);
  const only = (servers: readonly Named[], which: string) =>
    servers.map((server) => html`<li>only in the ${which} report: ${nameOf(server)}</li>`);
  const ids = unique(['findings', ...diff.servers.map((server) => slug(server.b.name))]).slice(1);
  return page(`lastchunk: ${verdict}`, 'findings', [
    html`<header><h1>lastchunk: two reports compared</h1>
<p class="verdict"><b class="${isWorse(diff) ? 'fail' : 'pass'}">${verdict}</b></p>
<ul class="headline">${headlines(b, words).map((sentence) => html`<li>${sentence}</li>`)}</ul>
<ul>${diff.notes.map((note) => html`<li>not the same run: ${note}</li>`)}${only(diff.onlyA, 'first')}${only(diff.onlyB, 'second')}</ul></header>
<main id="findings" tabindex="-1">${diff.servers.map((server, i) => serverHtml(server, ids[i] ?? '', b, words))}</main>
<footer><h2>First report</h2>${provenance(a)}<h2>Second report</h2>${provenance(b)}</footer>`,
  ]);
}

function serverHtml(server: ServerDiff, id: string, later: Report, words: Words): Html {
  const numbers = numberRows(server).map(
    ([name, before, after]) =>
      html`<tr><th scope="row">${name}</th><td class="number">${before}</td><td class="number">${after}</td></tr>`,
  );
  const now = later.servers.find(({ name }) => name === server.b.name);
  const sections = sectionsOf(server)
    .filter(({ changes }) => changes.length > 0)
    .map(({ title, changes, shown }) => {
      const isNew = title === 'Newly failing';
      const alike = changesAlike(changes, isNew);
      const left = alike.length - MOST_LINES;
      const body =
        isNew && now !== undefined
          ? failingOf(alike.slice(0, MOST_LINES), now, id, words)
          : changeTable(alike.slice(0, MOST_LINES));
      return html`<details class="section"${shown === 'always' && html` open`}><summary><h3>${title} (${changes.length})</h3></summary>${body}
${left > 0 && html`<p>${left} more are in the JSON report.</p>`}</details>`;
    });
  return html`<section aria-labelledby="${id}"><h2 id="${id}">${nameOf(server.a)} → ${nameOf(server.b)}</h2>
<div class="scroll" role="group" aria-label="Numbers" tabindex="0"><table class="numbers"><thead><tr><th scope="col"></th><th scope="col">before</th><th scope="col">after</th></tr></thead><tbody>${numbers}</tbody></table></div>
${sections}${sections.length === 0 && html`<p>Nothing changed.</p>`}</section>`;
}

/** What fails now. Links to it stay the same between runs. */
function failingOf(
  alike: readonly ChangesAlike[],
  server: ServerReport,
  name: string,
  words: Words,
): readonly Html[] {
  const ids = unique(
    alike.map(({ changes: [first] }) => `${slug(first?.check ?? '')}-${slug(first?.kinds.after ?? '')}`),
  );
  return alike.map((one, i) => failingHtml(one, server, `${ids[i]}--${name}`, words));
}

/** A rule that is broken now, with what helps, and what came. */
function failingHtml(
  { subject, before, after, changes }: ChangesAlike,
  server: ServerReport,
  id: string,
  words: Words,
): Html {
  const [first] = changes;
  const page = first && words(first.check);
  const fitting = (result: Result) =>
    changes.some((change) => change.check === result.check && change.case === result.case);
  const failing = server.results.filter(fitting);
  const shown = failing.find(({ evidence }) => evidence !== undefined);
  const advice = adviceOn(server, failing, concernIn(words));
  return html`<details class="finding" id="${id}"><summary><span class="badge fail">fail</span> <code>${subject}</code> <span class="who">${plural(changes.length, 'case')}</span></summary>
<div class="body"><p class="seen">${before} → <b>${after}</b>${page && html`<br><span class="who">${line(page.rule)}</span>`}</p>
${remedyHtml(page, advice, [])}
${shown && html`<h3>As it came in <code>${shown.case}</code></h3>${evidenceHtml(shown)}`}</div></details>`;
}

function changeTable(alike: readonly ChangesAlike[]): Html {
  const rows = alike.map(
    ({ subject, before, after }) =>
      html`<tr><td><code>${subject}</code></td><td>${before}</td><td>${after}</td></tr>`,
  );
  return html`<div class="scroll" role="group" aria-label="Changes" tabindex="0"><table class="changes"><thead><tr><th scope="col">what</th><th scope="col">before</th><th scope="col">after</th></tr></thead><tbody>${rows}</tbody></table></div>`;
}
