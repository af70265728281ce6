/** Formats of a matrix of versions, by name; a reporter is loaded when it is asked for. */
import type { Matrix } from '../../matrix/matrix.ts';
import type { MatrixContext } from './context.ts';

export const matrixFormats = ['table', 'markdown', 'html', 'json'] as const;
export type MatrixFormat = (typeof matrixFormats)[number];

type MatrixReporter = (matrix: Matrix, context: MatrixContext) => string;

const loaders: Readonly<Record<MatrixFormat, () => Promise<MatrixReporter>>> = {
  table: async () => (await import('./terminal.ts')).renderMatrixTerminal,
  markdown: async () => (await import('./markdown.ts')).renderMatrixMarkdown,
  html: async () => (await import('./html.ts')).renderMatrixHtml,
  json: async () => (await import('./json.ts')).renderMatrixJson,
};

export function loadMatrixReporter(format: MatrixFormat): Promise<MatrixReporter> {
  return loaders[format]();
}
