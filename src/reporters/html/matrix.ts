/** The table of the page: checks down, one column per server, each failing cell a link to its finding. */

import type { Report } from '../../model/report.ts';
import { groupTitle } from '../shared/case-list.ts';
import { legendOf, markOf } from '../shared/cell-text.ts';
import { type Cell, type Group, gridOf } from '../shared/grid.ts';
import type { ServerTitle } from '../shared/server-title.ts';
import { type Html, html } from './template.ts';

/** The anchor of the finding behind a cell; null where there is none. */
export type Anchor = (check: string, server: number, cell: Cell) => string | null;

/**
 * The table with its caption and legend. Rows and cells carry what the filters read.
 * @param slugs of the servers, by which filters name them
 */
export function matrix(
  report: Report,
  titles: readonly ServerTitle[],
  slugs: readonly string[],
  order: readonly string[] | undefined,
  anchor: Anchor,
): Html {
  const groups = gridOf(report, order);
  const cells = groups.flatMap((group) => group.rows.flatMap((row) => row.cells));
  if (groups.length === 0) return html`<p>Nothing was judged.</p>`;
  const heads = titles.map((title, i) => html`<th scope="col" data-server="${slugs[i]}">${title.text}</th>`);
  return html`<p class="legend">${legendOf(cells).map((word) => html`<span>${word}</span> `)}</p>
<div class="scroll" role="region" aria-labelledby="matrix-caption" tabindex="0"><table id="matrix">
<caption id="matrix-caption">Checks by API and mode, one column per server</caption>
<thead><tr><th scope="col">check</th>${heads}</tr></thead>
${groups.map((group) => groupBody(group, slugs, anchor))}
</table></div>`;
}

function groupBody(group: Group, slugs: readonly string[], anchor: Anchor): Html {
  const rows = group.rows.map((row) => {
    const cells = row.cells.map((cell, server) =>
      cellHtml(cell, slugs[server] ?? '', cell && anchor(row.check, server, cell)),
    );
    return html`<tr class="item"><th scope="row"><code>${row.check}</code></th>${cells}</tr>\n`;
  });
  return html`<tbody><tr class="group"><th scope="rowgroup" colspan="${slugs.length + 1}">${groupTitle(group.api, group.mode)}</th></tr>
${rows}</tbody>\n`;
}

function cellHtml(cell: Cell | null, server: string, href: string | null): Html {
  if (cell === null) return html`<td data-server="${server}"></td>`;
  const { verdict, classes, hits, of } = cell;
  const words = verdict === 'fail' || verdict === 'warn' ? classes.join('/') : '';
  const said = [words, hits < of ? `${hits}/${of}` : ''].filter(Boolean).join(' ');
  const notes = (['lowered', 'baselined', 'intermittent'] as const)
    .filter((note) => cell[note])
    .map(noteWord);
  const spoken = [verdict, ...notes].join(', ');
  const content = html`<span aria-hidden="true">${markOf(cell)}</span><span class="spoken">${spoken}</span> ${said}`;
  return html`<td class="${verdict}" data-server="${server}" data-verdict="${verdict}">${href ? html`<a href="#${href}">${content}</a>` : content}</td>`;
}

function noteWord(note: 'lowered' | 'baselined' | 'intermittent'): string {
  return { lowered: 'accepted by the profile', baselined: 'in the baseline', intermittent: 'intermittent' }[
    note
  ];
}
