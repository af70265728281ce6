/** Which rows of a product have something to tell. */
import type { ProductMatrix, Row } from '../../matrix/matrix.ts';
import { runsOf } from '../../matrix/outcomes.ts';
import { rangeWords } from './history.ts';

type Group = ProductMatrix['groups'][number];

/** Holds in each version in which it was judged. */
export const isSteady = ({ cells }: Row): boolean =>
  cells.every(({ mark }) => mark === 'pass' || mark === 'none');

/** In words, the steady ones; as they are, the others. */
export function partedRows({ rows }: Group): {
  readonly steady: readonly string[];
  readonly telling: readonly Row[];
} {
  return {
    steady: rows.filter(isSteady).map(({ question }) => question.words),
    telling: rows.filter((row) => !isSteady(row)),
  };
}

/** `from 0.2.10 on (19 versions)`; empty where it is served in all. */
export function servedWords({ rows }: Group, { columns, versions }: ProductMatrix): string {
  const served = columns.flatMap((column, i) => {
    const outcome = rows.some(({ cells }) => cells[i]?.mark !== 'none')
      ? ('holds' as const)
      : ('otherwise' as const);
    return column.versions.map(() => outcome);
  });
  if (!served.includes('otherwise')) return '';
  const names = versions.map(({ version }) => version);
  return rangeWords(runsOf(names, served, 'holds'), { versions });
}
