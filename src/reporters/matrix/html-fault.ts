/** A fault on the page of versions, and what shows it. */
import type { Fault } from '../../matrix/faults.ts';
import type { ProductMatrix } from '../../matrix/matrix.ts';
import { line } from '../html/prose.ts';
import { type Html, html } from '../html/template.ts';
import { frameText } from '../shared/findings.ts';
import type { Words } from '../shared/headline-text.ts';
import { faultAnchor } from './anchors.ts';
import { historyWords } from './history.ts';
import { ticketFile } from './tickets.ts';
import { faultName, placesWords, reportWords, stateWords } from './words.ts';

export function faultHtml(
  fault: Fault,
  product: ProductMatrix,
  words: Words,
  tickets: string | undefined,
): Html {
  const { check, class: id, places, shown, newest } = fault;
  const page = words(check);
  const state = { fails: 'fail', holds: 'pass', otherwise: 'warn', 'not-judged': 'skip' }[newest];
  return html`<article class="fault" id="${faultAnchor(product, fault)}"><h4>${faultName(fault, words)} <span class="who">in ${placesWords(places)}</span></h4>
<p><span class="badge ${state}">${stateWords(fault, product)}</span> <code>${check}</code> ${id}; ${historyWords(fault, product)}</p>
<dl>${shown && html`<dt>came</dt><dd>${shown.observed} <span class="who">(${shown.version}, <code>${shown.case}</code>)</span></dd>`}
<dt>reported</dt><dd>${reported(fault, product, tickets)}</dd></dl>
<details><summary>${evidenceTitle(fault)}</summary>
<dl>${page && html`<dt>rule</dt><dd>${line(page.rule)}</dd>`}${shown && html`<dt>expected</dt><dd>${shown.expected}</dd>`}</dl>
${evidence(fault)}</details></article>
`;
}

function reported(fault: Fault, product: ProductMatrix, tickets: string | undefined): Html {
  const report = fault.note?.report;
  const told = reportWords(fault.note);
  if (report && report.link !== null)
    return /^https:\/\//.test(report.link)
      ? html`${told}: <a href="${report.link}">${report.title}</a>`
      : html`${told}: ${report.title}`;
  const file = tickets === undefined ? null : ticketFile(product, fault);
  return html`<em>${told}</em>${file !== null && html`: <a href="${encodeURI(`${tickets}/${file}`)}">the ticket</a>`}`;
}

function evidenceTitle({ note, shown }: Fault): string {
  const hand = note?.byHand;
  if (hand !== undefined) return `Repeated by hand with ${hand.version} on ${hand.on}`;
  return shown === null ? 'What is expected' : `What was sent and what came, with ${shown.version}`;
}

function evidence({ note, shown }: Fault): Html {
  const hand = note?.byHand;
  if (hand !== undefined)
    return html`${block([hand.command])}${block(hand.lines)}${hand.shows && html`<p>${hand.shows}</p>`}`;
  const { frame, curl } = shown ?? {};
  return html`${curl !== undefined && block([curl])}${frame !== undefined && block([frameText(frame)])}`;
}

const block = (texts: readonly string[]) =>
  html`<pre tabindex="0"><code>${texts.map((text, i) =>
    i === 0
      ? html`${text}`
      : html`
${text}`,
  )}</code></pre>`;
