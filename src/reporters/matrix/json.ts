import type { Matrix } from '../../matrix/matrix.ts';
import { harmlessJson } from '../../text/harmless.ts';

/** The matrix as it is. */
export function renderMatrixJson(matrix: Matrix): string {
  return `${harmlessJson(JSON.stringify(matrix, null, 1))}\n`;
}
