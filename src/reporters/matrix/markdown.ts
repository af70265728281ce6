/** The page of versions as Markdown, for a code host. */
import type { Cell } from '../../matrix/cells.ts';
import type { Column, Matrix, ProductMatrix } from '../../matrix/matrix.ts';
import { cellProse, inline, prose } from '../markdown/text.ts';
import type { Words } from '../shared/headline-text.ts';
import { faultAnchor, productAnchor } from './anchors.ts';
import { answerOf } from './answer.ts';
import type { MatrixContext } from './context.ts';
import { GLANCE, glanceCell } from './glance.ts';
import { historyWords } from './history.ts';
import { faultText } from './markdown-fault.ts';
import { folded, table } from './markdown-parts.ts';
import { partedRows, servedWords } from './rows.ts';
import {
  cellWords,
  changeLines,
  columnTitle,
  faultName,
  faultsOfCell,
  haltedLines,
  LEGEND,
  MARKS,
  namesOf,
  placesWords,
  productTitle,
  spanWords,
  unavailableLines,
  worstFirst,
} from './words.ts';

export function renderMatrixMarkdown(
  matrix: Matrix,
  { words, tickets }: Pick<MatrixContext, 'words' | 'tickets'>,
): string {
  const { products, suite, catalogue } = matrix;
  return `${[
    '# Which versions tell the truth about their tokens',
    [
      `${prose(spanWords(matrix))}, suite ${inline(suite)} of catalogue ${catalogue}. Each version was started, asked for answers,`,
      'streamed and whole, and its token counts were compared with what came. Find your product in the table; its name leads',
      'to what an upgrade would mend, and each ✗ to the fault, with what was sent and what came. A column of several versions',
      'stands for all measured from the first to the last of them. To measure again: `npm run observe` in a clone of lastchunk,',
      'as `docs/observatory.md` there says.',
    ].join('\n'),
    '## At a glance',
    products.length === 0 ? 'Nothing was measured.' : glance(products, words),
    LEGEND.map(([mark, said]) => `${MARKS[mark]} ${said}`).join(' · '),
    ...products.flatMap((product) => section(product, words, tickets)),
  ].join('\n\n')}\n`;
}

function glance(products: readonly ProductMatrix[], words: Words): string {
  const rows = products.map((product) => {
    const { lead, text } = answerOf(product, words);
    return [
      `[${cellProse(productTitle(product))}](#${productAnchor(product)})`,
      cellProse(product.versions.at(-1)?.version ?? 'none'),
      ...GLANCE.map(({ id }) => {
        const { cell, column } = glanceCell(product, id);
        return cellText(cell, 'chat', product, column);
      }),
      `**${lead}**: ${cellProse(text)}.`,
    ];
  });
  const head = ['product', 'newest measured', ...GLANCE.map(({ head: of }) => of), 'would an upgrade help?'];
  return ['The newest version measured of each product, in chat:', table([head, ...rows])].join('\n\n');
}

function section(product: ProductMatrix, words: Words, tickets: string | undefined): readonly string[] {
  const { faults, warnings, changes, unavailable } = product;
  const title = prose(productTitle(product));
  const { lead, text } = answerOf(product, words);
  const warned = worstFirst(warnings, words).map(
    (one) =>
      `${faultName(one, words)} in ${placesWords(one.places)} (${one.check}, ${one.class}): ${historyWords(one, product)}`,
  );
  const lists: ReadonlyArray<readonly [string, readonly string[]]> = [
    [`Warnings (${warnings.length})`, warned],
    ['Runs that ended early', haltedLines(product)],
    [`Could not be started here (${unavailable.length})`, unavailableLines(product)],
  ];
  return [
    `<a id="${productAnchor(product)}"></a>`,
    `## ${title}`,
    `**${lead}**: ${prose(text)}.`,
    upgrades(product, words),
    ...product.groups.flatMap((group) => groupText(group, product)),
    faults.length === 0 ? '' : `### Faults of ${title}`,
    ...worstFirst(faults, words).map((fault) => faultText(fault, product, words, tickets)),
    changes.length === 0 ? '' : `### What changed in ${title}`,
    changes
      .flatMap((change) => [
        `- ${prose(`${change.from} → ${change.to}`)}`,
        ...changeLines(change, product, words).map((line) => `  - ${prose(line)}`),
      ])
      .join('\n'),
    ...lists.map(([head, lines]) =>
      lines.length === 0 ? '' : folded(head, lines.map((line) => `- ${prose(line)}`).join('\n')),
    ),
  ].filter(Boolean);
}

/** By the version that somebody runs. */
function upgrades(product: ProductMatrix, words: Words): string {
  const { versions } = product;
  if (product.upgrades.every(({ mends, breaks }) => mends.length + breaks.length === 0)) return '';
  const named = (ids: readonly string[]) =>
    ids.length === 0 ? 'nothing' : namesOf(ids, product, words).map(cellProse).join('<br>');
  const rows = product.upgrades.map(({ versions: from, mends, breaks }) => [
    columnHead({ versions: from }),
    named(mends),
    named(breaks),
  ]);
  const newest = cellProse(versions.at(-1)?.version ?? '');
  return table([['if you run', `${newest} mends`, 'and brings'], ...rows]);
}

/** An API: what holds throughout in a line, the rest as a table. */
function groupText(group: ProductMatrix['groups'][number], product: ProductMatrix): readonly string[] {
  const { api } = group;
  const { columns } = product;
  const { steady, telling } = partedRows(group);
  const served = servedWords(group, product);
  const head = `**${inline(api)}**${served === '' ? '' : `, served ${prose(served)}`}`;
  const holds =
    steady.length === 0
      ? ''
      : `${MARKS.pass} ${telling.length === 0 ? 'all holds' : 'holds'}: ${steady.join(' · ')}`;
  const lines = telling.map(({ question, cells }) => [
    question.words,
    ...cells.map((cell, i) => cellText(cell, api, product, columns[i] ?? { versions: [] })),
  ]);
  return [
    `${[head, holds].filter(Boolean).join(' – ')}`,
    lines.length === 0 ? '' : table([[inline(api), ...columns.map(columnHead)], ...lines]),
  ];
}

/** In narrow lines. */
const columnHead = (column: Column): string => columnTitle(column).split(' … ').map(cellProse).join(' …<br>');

function cellText(cell: Cell, api: string, product: ProductMatrix, column: Column): string {
  const [first] = faultsOfCell(cell, api, product, column);
  const said = [MARKS[cell.mark], cellProse(cellWords(cell, column))].filter(Boolean).join(' ');
  return first === undefined || cell.mark !== 'fail' ? said : `[${said}](#${faultAnchor(product, first)})`;
}
