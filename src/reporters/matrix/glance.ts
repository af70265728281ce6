/** What is told of the newest version of each product: four questions about its chat. */
import { type Cell, NOTHING } from '../../matrix/cells.ts';
import type { Column, ProductMatrix } from '../../matrix/matrix.ts';

/** Ids of questions, and the heads of their columns. */
export const GLANCE = [
  { id: 'asked', head: 'usage in streams' },
  { id: 'place', head: 'in its place' },
  { id: 'prompt', head: 'prompt counts' },
  { id: 'completion', head: 'completion counts' },
] as const;

export function glanceCell(
  { groups, columns }: ProductMatrix,
  question: string,
): { readonly cell: Cell; readonly column: Column } {
  const row = groups.find(({ api }) => api === 'chat')?.rows.find((one) => one.question.id === question);
  return { cell: row?.cells.at(-1) ?? NOTHING, column: columns.at(-1) ?? { versions: [] } };
}
