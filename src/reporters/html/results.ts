/** Every single result in one table: what the filters are for. */

import type { Report, Result } from '../../model/report.ts';
import { marks } from '../shared/cell-text.ts';
import type { ServerTitle } from '../shared/server-title.ts';
import { type Html, html } from './template.ts';

/** A page with more rows than this is slow; passes are left out first, the JSON report has them all. */
const MOST_ROWS = 6000;

/** The table of results, and how many it shows of how many. */
export function resultsTable(report: Report, titles: readonly ServerTitle[], slugs: readonly string[]): Html {
  const all = report.servers.flatMap((server, i) => server.results.map((result) => ({ result, server: i })));
  const kept = all.length <= MOST_ROWS ? all : all.filter(({ result }) => result.verdict !== 'pass');
  const shown = kept.slice(0, MOST_ROWS);
  const left = all.length - shown.length;
  return html`<details id="results"><summary><h2>All results (${shown.length})</h2></summary>
${left > 0 && html`<p>${left} more are in the JSON report.</p>`}
<div class="scroll" role="region" aria-labelledby="results-caption" tabindex="0"><table class="results">
<caption id="results-caption">Every check in every case</caption>
<thead><tr><th scope="col">verdict</th><th scope="col">check</th><th scope="col">case</th><th scope="col">server</th><th scope="col">what was seen</th></tr></thead>
<tbody>
${shown.map(({ result, server }) => resultRow(result, slugs[server] ?? '', titles[server]?.text ?? ''))}</tbody></table></div></details>`;
}

function resultRow(result: Result, server: string, title: string): Html {
  const { verdict, check, observed, message } = result;
  const said = [observed, message].filter(Boolean).join('. ');
  return html`<tr class="item" data-verdict="${verdict}" data-servers="${server}"><td class="${verdict}"><span aria-hidden="true">${marks[verdict]}</span> ${verdict}</td><th scope="row"><code>${check}</code></th><td><code>${result.case}</code></td><td>${title}</td><td>${said}</td></tr>
`;
}
