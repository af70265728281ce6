/** The page of versions as Markdown, for a code host. */
import type { Cell } from '../../matrix/cells.ts';
import type { Fault } from '../../matrix/faults.ts';
import type { Column, Matrix, ProductMatrix } from '../../matrix/matrix.ts';
import { cell as cellOf, codeBlock, codeSpan, inline } from '../markdown/text.ts';
import { frameText } from '../shared/findings.ts';
import type { Words } from '../shared/headline-text.ts';
import type { MatrixContext } from './context.ts';
import { ticketFile } from './tickets.ts';
import {
  answerOf,
  cellWords,
  changeLines,
  columnTitle,
  faultName,
  faultOfCell,
  historyWords,
  LEGEND,
  MARKS,
  placesWords,
  productTitle,
  reportWords,
  spanWords,
} from './words.ts';

export function renderMatrixMarkdown(
  matrix: Matrix,
  { words, tickets }: Pick<MatrixContext, 'words' | 'tickets'>,
): string {
  const { products, suite, catalogue } = matrix;
  return `${[
    '# Which versions tell the truth',
    `${spanWords(matrix)}, with suite ${inline(suite)} of catalogue ${catalogue}.`,
    LEGEND.map((line) => `- ${line}`).join('\n'),
    glance(products),
    ...products.map((product) => section(product, words, tickets)),
  ].join('\n\n')}\n`;
}

function glance(products: readonly ProductMatrix[]): string {
  const rows = products.map((product) => {
    const { versions, unavailable } = product;
    return [
      `[${cellOf(productTitle(product))}](#${anchor(product)})`,
      String(versions.length) + (unavailable.length > 0 ? ` (and ${unavailable.length} not started)` : ''),
      newestCell(product, 'asked'),
      newestCell(product, 'place'),
      newestCell(product, 'prompt'),
      newestCell(product, 'completion'),
      cellOf(answerOf(product)),
    ];
  });
  const head = [
    'product',
    'versions',
    'usage in chat streams',
    'in its place',
    'prompt true',
    'completion true',
    'would an upgrade help?',
  ];
  return ['The newest version of each, in chat:', table([head, ...rows])].join('\n\n');
}

function newestCell({ groups }: ProductMatrix, question: string): string {
  const cell = groups
    .find(({ api }) => api === 'chat')
    ?.rows.find((row) => row.question.id === question)
    ?.cells.at(-1);
  return cell === undefined
    ? MARKS.none
    : [MARKS[cell.mark], cellOf(cellWords(cell))].filter(Boolean).join(' ');
}

const anchor = ({ id }: ProductMatrix) => id.replace(/[^\w.-]+/g, '-');
const faultAnchor = (product: ProductMatrix, { id }: Fault) => `${anchor(product)}-${id}`;

function section(product: ProductMatrix, words: Words, tickets: string | undefined): string {
  const { columns, groups, faults, warnings, unavailable, changes } = product;
  const many = faults.length > 0;
  return [
    `<a id="${anchor(product)}"></a>\n\n## ${inline(productTitle(product))}`,
    inline(answerOf(product)),
    ...groups.map(({ api, rows }) => {
      const head = [cellOf(api), ...columns.map((column) => cellOf(columnTitle(column)))];
      const lines = rows.map(({ question, cells }) => [
        question.words,
        ...cells.map((cell, i) => cellText(cell, api, product, columns[i] ?? { versions: [] })),
      ]);
      return table([head, ...lines]);
    }),
    many ? `### Faults of ${inline(productTitle(product))}` : '',
    ...faults.map((fault) => faultText(fault, product, words, tickets)),
    changes.length === 0
      ? ''
      : [
          '### What changed',
          '',
          ...changes.flatMap((change) => [
            `- ${inline(change.from)} → ${inline(change.to)}`,
            ...changeLines(change, product, words).map((line) => `  - ${inline(line)}`),
          ]),
        ].join('\n'),
    warnings.length === 0
      ? ''
      : folded(
          `Warnings (${warnings.length})`,
          warnings
            .map(
              (fault) =>
                `- ${codeSpan(fault.check)} ${inline(fault.class)}, ${inline(placesWords(fault.places))}: ${inline(historyWords(fault, product))}`,
            )
            .join('\n'),
        ),
    unavailable.length === 0
      ? ''
      : folded(
          `Could not be started here (${unavailable.length})`,
          unavailable.map(({ version, reason }) => `- ${inline(version)}: ${inline(reason)}`).join('\n'),
        ),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function cellText(cell: Cell, api: string, product: ProductMatrix, column: Column): string {
  const said = cellOf(cellWords(cell));
  const fault = faultOfCell(cell, api, product, column);
  const linked = fault === undefined || said === '' ? said : `[${said}](#${faultAnchor(product, fault)})`;
  return [MARKS[cell.mark], linked].filter(Boolean).join(' ');
}

function faultText(fault: Fault, product: ProductMatrix, words: Words, tickets: string | undefined): string {
  const { note, shown, places } = fault;
  const report = note?.report;
  const file = tickets === undefined ? null : ticketFile(product, fault);
  const told = inline(reportWords(note));
  const filed =
    report && report.link !== null
      ? `${told}: [${inline(report.title)}](${report.link})`
      : `*${told}*${file === null ? '' : `: [the ticket](${tickets}/${file})`}`;
  const facts = [
    `- ${inline(historyWords(fault, product))}`,
    `- ${filed}`,
    ...(shown === null ? [] : [`- expected: ${inline(shown.expected)}`, `- came: ${inline(shown.observed)}`]),
  ];
  return [
    `<a id="${faultAnchor(product, fault)}"></a>\n\n**${inline(faultName(fault, words))}** in ${inline(placesWords(places))}: ${codeSpan(fault.check)} ${inline(fault.class)}`,
    facts.join('\n'),
    evidence(fault),
  ]
    .filter(Boolean)
    .join('\n\n');
}

function evidence({ note, shown }: Fault): string {
  const hand = note?.byHand;
  if (hand !== undefined)
    return folded(
      `Repeated by hand with ${inline(hand.version)} on ${hand.on}`,
      [
        codeBlock([hand.command], 'sh', 4000),
        codeBlock(hand.lines, 'text', 2000),
        hand.shows ? inline(hand.shows) : '',
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
  return blocks.length === 0 ? '' : folded(`As recorded with ${inline(version)}`, blocks.join('\n\n'));
}

function table(lines: readonly (readonly string[])[]): string {
  const [head = [], ...rows] = lines;
  return [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

const folded = (summary: string, content: string) =>
  `<details><summary>${summary}</summary>\n\n${content}\n\n</details>`;
