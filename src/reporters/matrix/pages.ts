/** The files that are made of the records of this repository; test/matrix/pages.test.ts holds them to it. */
import type { Matrix } from '../../matrix/matrix.ts';
import { observedIn } from '../../matrix/observed.ts';
import type { ReportFile } from '../index.ts';
import type { MatrixContext } from './context.ts';
import { renderMatrixHtml } from './html.ts';
import { renderMatrixMarkdown } from './markdown.ts';
import { ticketsOfMatrix } from './tickets.ts';

/** @returns paths from the root of the repository */
export function pagesOf(matrix: Matrix, { words }: Pick<MatrixContext, 'words'>): readonly ReportFile[] {
  const context: MatrixContext = { words, width: 100, colour: false, tickets: 'tickets' };
  return [
    { path: 'docs/matrix.md', text: renderMatrixMarkdown(matrix, context) },
    { path: 'docs/matrix.html', text: renderMatrixHtml(matrix, context) },
    { path: 'docs/observed.json', text: `${JSON.stringify(observedIn(matrix))}\n` },
    ...ticketsOfMatrix(matrix, words).map(({ file, text }) => ({ path: `docs/tickets/${file}`, text })),
  ];
}
