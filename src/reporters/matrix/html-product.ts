/** A product on the page of versions: what an upgrade is worth, the table, the faults, what changed. */
import type { Cell } from '../../matrix/cells.ts';
import type { Column, ProductMatrix } from '../../matrix/matrix.ts';
import { commandLine } from '../../wire/curl.ts';
import { type Html, html } from '../html/template.ts';
import type { Words } from '../shared/headline-text.ts';
import { faultAnchor, productAnchor } from './anchors.ts';
import { answerOf } from './answer.ts';
import type { MatrixContext } from './context.ts';
import { historyWords } from './history.ts';
import { faultHtml } from './html-fault.ts';
import { isSteady, partedRows, servedWords } from './rows.ts';
import {
  cellWords,
  changeLines,
  columnTitle,
  faultName,
  faultsOfCell,
  haltedLines,
  MARKS,
  namesOf,
  placesWords,
  productTitle,
  unavailableLines,
  worstFirst,
} from './words.ts';

export function productHtml(
  product: ProductMatrix,
  { words, tickets }: Pick<MatrixContext, 'words' | 'tickets'>,
): Html {
  const { changes, faults, warnings, versions } = product;
  const anchor = productAnchor(product);
  const { lead, text } = answerOf(product, words);
  const changed = changes.map(
    (change) =>
      html`<li><b>${change.from} → ${change.to}</b><ul>${changeLines(change, product, words).map((line) => html`<li>${line}</li>`)}</ul></li>`,
  );
  const warned = worstFirst(warnings, words).map(
    (one) =>
      html`<li id="${faultAnchor(product, one)}"><b>${faultName(one, words)}</b> in ${placesWords(one.places)} (<code>${one.check}</code> ${one.class}): ${historyWords(one, product)}</li>`,
  );
  return html`<section class="product" aria-labelledby="${anchor}"><h2 id="${anchor}">${productTitle(product)}</h2>
<p class="verdict"><b>${lead}</b>: ${text}.</p>
${upgrades(product, words)}
${versions.length > 0 && table(product)}
${faults.length > 0 && html`<h3>${faults.length === 1 ? 'The fault' : `The ${faults.length} faults`}, the most harmful first</h3>`}
${worstFirst(faults, words).map((fault) => faultHtml(fault, product, words, tickets))}
${changed.length > 0 && html`<h3>What changed between versions</h3><ul>${changed}</ul>`}
${folded(`Warnings (${warnings.length})`, warned)}
${folded('Runs that ended early', items(haltedLines(product)))}
${folded(`Could not be started here (${product.unavailable.length})`, items(unavailableLines(product)))}
${folded('How it was measured', made(product))}</section>
`;
}

const items = (texts: readonly string[]) => texts.map((text) => html`<li>${text}</li>`);

const folded = (title: string, list: readonly Html[]) =>
  list.length > 0 && html`<details class="section"><summary>${title}</summary><ul>${list}</ul></details>`;

/** By the version that somebody runs. */
function upgrades(product: ProductMatrix, words: Words): Html | false {
  const { versions } = product;
  const telling = product.upgrades.filter(({ mends, breaks }) => mends.length + breaks.length > 0);
  if (telling.length === 0) return false;
  const cell = (ids: readonly string[], label: string, kind: string) =>
    ids.length === 0
      ? html`<td data-label="${label}">nothing</td>`
      : html`<td class="${kind}" data-label="${label}"><ul>${items(namesOf(ids, product, words))}</ul></td>`;
  const rows = product.upgrades.map(
    ({ versions: from, mends, breaks }) =>
      html`<tr><th scope="row">${columnTitle({ versions: from })}</th>${cell(mends, 'mends', 'pass')}${cell(breaks, 'brings', 'fail')}</tr>`,
  );
  return html`<div class="scroll" role="region" aria-label="Upgrades of ${productTitle(product)}" tabindex="0"><table class="upgrades">
<thead><tr><th scope="col">if you run</th><th scope="col">${versions.at(-1)?.version} mends</th><th scope="col">and brings</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}

function table(product: ProductMatrix): Html {
  const { columns, groups } = product;
  const heads = columns.map(({ versions }) => {
    const [first = '', last = first] = [versions[0], versions.at(-1)];
    const rest = versions.length > 1 && html` …<br>${last} <span class="who">(${versions.length})</span>`;
    return html`<th scope="col">${first}${rest}</th>`;
  });
  const bodies = groups.map((group) => {
    const { api, rows } = group;
    const { steady } = partedRows(group);
    const served = servedWords(group, product);
    const lines = rows.map(
      (row) =>
        html`<tr${isSteady(row) && html` class="steady"`}><th scope="row">${row.question.words}</th>${row.cells.map((cell, i) => html`<td class="${cell.mark}">${cellHtml(cell, api, product, columns[i] ?? { versions: [] })}</td>`)}</tr>
`,
    );
    return html`<tbody><tr class="group"><th scope="rowgroup" colspan="${columns.length + 1}"><span>${api}${served !== '' && html` <small class="who">served ${served}</small>`}</span></th></tr>
${lines}
${steady.length > 0 && html`<tr class="rest"><td colspan="${columns.length + 1}"><span><b class="pass">${MARKS.pass}</b> ${steady.join(' · ')}</span></td></tr>`}</tbody>
`;
  });
  return html`<div class="scroll versions" role="region" aria-label="Versions of ${productTitle(product)}" tabindex="0"><table>
<thead><tr><th scope="col"></th>${heads}</tr></thead>
${bodies}</table></div>`;
}

/** The mark with its class, each fault behind it a link. */
export function cellHtml(cell: Cell, api: string, product: ProductMatrix, column: Column): Html {
  const [first, ...more] = faultsOfCell(cell, api, product, column);
  const said = html`<span aria-hidden="true">${MARKS[cell.mark]}</span><span class="spoken">${SPOKEN[cell.mark]}</span> ${first !== undefined && cell.mark === 'fail' ? first.class : cellWords(cell, column)}`;
  const link = (to: typeof first, text: Html) =>
    to === undefined
      ? text
      : html`<a href="#${faultAnchor(product, to)}" title="${to.check}: ${to.class}">${text}</a>`;
  return html`${link(first, said)}${cell.mark === 'fail' && more.map((one) => html` ${link(one, html`+${one.class}`)}`)}`;
}

const SPOKEN = {
  pass: 'holds',
  fail: 'fails',
  warn: 'warning',
  error: 'not judged',
  none: 'not served or not judged',
};

function made({ versions }: ProductMatrix): readonly Html[] {
  const newest = versions.at(-1);
  if (newest === undefined) return [];
  const { version, started, model, measured, identified, seconds } = newest;
  const facts: ReadonlyArray<readonly [string, Html | string | null]> = [
    ['newest measured', version],
    ['says of itself', [identified.product, identified.version].filter(Boolean).join(' ') || null],
    ['on', measured.at.slice(0, 10)],
    ['in', `${seconds} s`],
    ['with the model', model],
    [
      'by',
      `lastchunk ${measured.tool}, suite ${measured.suite}, catalogue ${measured.catalogue}, seed ${measured.seed}`,
    ],
    ['started by', started === undefined ? null : html`<code>${commandLine(started)}</code>`],
  ];
  return facts.flatMap(([name, fact]) => (fact === null ? [] : [html`<li>${name}: ${fact}</li>`]));
}
