/** Tickets of the faults that were looked for in a project's reports and not found, in Markdown. */
import type { Fault } from '../../matrix/faults.ts';
import type { Matrix, ProductMatrix } from '../../matrix/matrix.ts';
import { ownProse, sourceLink } from '../issue/text.ts';
import { codeBlock, inline, prose } from '../markdown/text.ts';
import { frameText } from '../shared/findings.ts';
import type { Words } from '../shared/headline-text.ts';
import { historyWords } from './history.ts';
import { isUnreported, placesWords, productTitle } from './words.ts';

/** Name of the ticket's file; of a fault that needs none, null. */
export function ticketFile({ id }: ProductMatrix, fault: Fault): string | null {
  return isUnreported(fault) ? `${id}--${fault.id}.md`.replace(/[^\w.-]+/g, '-') : null;
}

export function ticketsOfMatrix(
  { products, suite, catalogue }: Matrix,
  words: Words,
): readonly { readonly file: string; readonly text: string }[] {
  return products.flatMap((product) =>
    product.faults.flatMap((fault) => {
      const file = ticketFile(product, fault);
      return file === null
        ? []
        : [{ file, text: ticketText(fault, product, words, `suite ${suite}, catalogue ${catalogue}`) }];
    }),
  );
}

function ticketText(fault: Fault, product: ProductMatrix, words: Words, asked: string): string {
  const { check, note, shown, places } = fault;
  const page = words(check);
  const hand = note?.byHand;
  const [commands, lines] =
    hand === undefined
      ? [
          shown?.curl === undefined ? [] : [shown.curl],
          shown?.frame === undefined ? [] : [frameText(shown.frame)],
        ]
      : [[hand.command], hand.lines];
  const section = (heading: string, text: string) => (text === '' ? '' : `## ${heading}\n\n${text}`);
  return `${[
    `# ${inline(productTitle(product))}: ${page ? ownProse(page.fault) : inline(check)} (${inline(fault.class)})`,
    [
      `- Where: ${prose(placesWords(places))}`,
      `- Versions: ${prose(historyWords(fault, product))}`,
      `- Rule: ${inline(check)}`,
      `- Found by lastchunk, ${prose(asked)}`,
    ].join('\n'),
    section(
      'What came',
      [shown === null ? '' : prose(shown.observed), lines.length === 0 ? '' : codeBlock(lines, 'text', 4000)]
        .filter(Boolean)
        .join('\n\n'),
    ),
    section(
      'What is expected',
      [
        shown === null ? '' : prose(shown.expected),
        page ? ownProse(page.rule) : '',
        page ? `${sourceLink(page.source)}:\n\n> ${ownProse(page.source.says)}` : '',
      ]
        .filter(Boolean)
        .join('\n\n'),
    ),
    section('To see it again', commands.length === 0 ? '' : codeBlock(commands, 'sh', 20_000)),
  ]
    .filter(Boolean)
    .join('\n\n')}\n`;
}
