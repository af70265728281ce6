/** The page of versions: one self-contained file without a script. What an upgrade is worth comes first. */
import type { Matrix, ProductMatrix } from '../../matrix/matrix.ts';
import { page } from '../html/page.ts';
import { type Html, html } from '../html/template.ts';
import type { Words } from '../shared/headline-text.ts';
import { productAnchor } from './anchors.ts';
import { answerOf } from './answer.ts';
import type { MatrixContext } from './context.ts';
import { GLANCE, glanceCell } from './glance.ts';
import { cellHtml, productHtml } from './html-product.ts';
import { style } from './html-style.ts';
import { LEGEND, MARKS, productTitle, spanWords } from './words.ts';

const TITLE = 'Which versions tell the truth about their tokens';

export function renderMatrixHtml(matrix: Matrix, context: Pick<MatrixContext, 'words' | 'tickets'>): string {
  const { products, suite, catalogue } = matrix;
  const body = html`<header><h1>${TITLE}</h1>
<p class="lead">${spanWords(matrix)}: each was started, asked for answers, streamed and whole, and its token counts were compared
with what came. A ${mark('fail')} leads to the fault with what was sent and what came; every product says what an upgrade would mend.
A column of several versions stands for all measured from the first to the last of them.</p></header>
<main id="glance" tabindex="-1"><section aria-labelledby="h-glance"><h2 id="h-glance">At a glance</h2>
<p>The newest version measured of each product, in chat:</p>
${products.length === 0 ? html`<p>Nothing was measured.</p>` : glance(products, context.words)}
<p class="legend">${LEGEND.map(([of, words]) => html`<span>${mark(of)} ${words}</span> `)}</p>
<p class="choice"><label><input type="checkbox" id="steady"> show the rows that hold everywhere, too</label></p></section>
${products.map((product) => productHtml(product, context))}</main>
<footer><p>Made by <code>lastchunk matrix</code> from its records: suite ${suite}, catalogue ${catalogue}. What a check asks for, and why:
<code>lastchunk explain CHECK</code>. To measure again: <code>npm run observe</code> in a clone of lastchunk, as <code>docs/observatory.md</code> there says.</p></footer>`;
  return page(TITLE, 'glance', [body], {
    ownStyle: style,
    script: null,
    skip: 'Skip to the table of products',
  });
}

const mark = (of: keyof typeof MARKS) => html`<b class="${of}">${MARKS[of]}</b>`;

function glance(products: readonly ProductMatrix[], words: Words): Html {
  const rows = products.map((product) => {
    const { lead, text } = answerOf(product, words);
    const newest = product.versions.at(-1);
    const cells = GLANCE.map(({ id, head }) => {
      const { cell, column } = glanceCell(product, id);
      return html`<td class="${cell.mark}" data-label="${head}">${cellHtml(cell, 'chat', product, column)}</td>`;
    });
    return html`<tr><th scope="row"><a href="#${productAnchor(product)}">${productTitle(product)}</a></th>
<td data-label="newest measured">${newest?.version ?? 'none'}</td>${cells}
<td class="answer" data-label="an upgrade"><b>${lead}</b>: ${text}.</td></tr>
`;
  });
  return html`<div class="scroll" role="region" aria-label="Products" tabindex="0"><table class="glance">
<thead><tr><th scope="col">product</th><th scope="col">newest measured</th>${GLANCE.map(({ head }) => html`<th scope="col">${head}</th>`)}<th scope="col">would an upgrade help?</th></tr></thead>
<tbody>${rows}</tbody></table></div>`;
}
