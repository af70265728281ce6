/** A fault on the Markdown page of versions, and what shows it. */
import type { Fault } from '../../matrix/faults.ts';
import type { ProductMatrix } from '../../matrix/matrix.ts';
import { harmless } from '../../text/harmless.ts';
import { codeBlock, codeSpan, htmlCode, inline, link, prose } from '../markdown/text.ts';
import { frameText } from '../shared/findings.ts';
import type { Words } from '../shared/headline-text.ts';
import { faultAnchor } from './anchors.ts';
import { historyWords } from './history.ts';
import { folded } from './markdown-parts.ts';
import { ticketFile } from './tickets.ts';
import { faultName, placesWords, reportWords } from './words.ts';

export function faultText(
  fault: Fault,
  product: ProductMatrix,
  words: Words,
  tickets: string | undefined,
): string {
  const { shown, places, check } = fault;
  const facts = [
    prose(historyWords(fault, product)),
    reported(fault, product, tickets),
    ...(shown === null ? [] : [`expected: ${prose(shown.expected)}`, `came: ${prose(shown.observed)}`]),
  ];
  return [
    `<a id="${faultAnchor(product, fault)}"></a>`,
    `**${prose(faultName(fault, words))}** in ${prose(placesWords(places))} (${codeSpan(harmless(check, 200))}, ${inline(fault.class)})`,
    facts.map((fact) => `- ${fact}`).join('\n'),
    evidence(fault),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function reported(fault: Fault, product: ProductMatrix, tickets: string | undefined): string {
  const report = fault.note?.report;
  const told = reportWords(fault.note);
  if (report && report.link !== null) return `${told}: ${link(report.title, report.link)}`;
  const file = tickets === undefined ? null : ticketFile(product, fault);
  const path = encodeURI(`${tickets}/${file}`).replace(
    /[()]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16)}`,
  );
  return `*${told}*${file === null ? '' : `: [the ticket](${path})`}`;
}

function evidence({ note, shown }: Fault): string {
  const hand = note?.byHand;
  if (hand !== undefined)
    return folded(
      `Repeated by hand with ${htmlCode(hand.version)} on ${hand.on}`,
      [
        codeBlock([hand.command], 'sh', 4000),
        codeBlock(hand.lines, 'text', 2000),
        hand.shows ? prose(hand.shows) : '',
      ]
        .filter(Boolean)
        .join('\n\n'),
    );
  if (shown === null) return '';
  const { frame, curl, version } = shown;
  const blocks = [
    curl === undefined ? '' : codeBlock([curl], 'sh', 4000),
    frame === undefined ? '' : codeBlock([frameText(frame)], 'text', 1000),
  ].filter(Boolean);
  return blocks.length === 0 ? '' : folded(`As recorded with ${htmlCode(version)}`, blocks.join('\n\n'));
}
