/** What the record of a version answers to each question. Pure. */
import { type MeasuredRecord, parts, type Tally } from '../model/record.ts';
import { questionOf, questions } from './questions.ts';

export type Mark = 'pass' | 'fail' | 'warn' | 'error' | 'none';

/** What a check came out as in one version and API, both modes together. */
interface Broken {
  readonly check: string;
  readonly class: string;
  readonly cases: number;
}

/** The worst that any check of the question says. */
export interface Cell {
  readonly mark: Mark;
  /** What fails, or is warned about where nothing fails: in most cases first. */
  readonly broken: readonly Broken[];
  /** Versions of a column of which it is so, where not all warn, or not in all was it judged. */
  readonly only?: number;
}

export const NOTHING: Cell = { mark: 'none', broken: [] };

/** Answers by question of one API; of a question that nothing was judged for, none. */
export function cellsOf(record: MeasuredRecord, api: string): ReadonlyMap<string, Cell> {
  const byQuestion = new Map<string, Sum>();
  for (const part of parts) {
    for (const [check, tally] of Object.entries(record.results[api]?.[part] ?? {})) {
      const question = questionOf(check, part);
      if (question === undefined) continue;
      const sum = byQuestion.get(question) ?? { fail: [], warn: [], passed: false, erred: false };
      byQuestion.set(question, added(sum, check, tally));
    }
  }
  return new Map(
    questions.flatMap(({ id }) => {
      const sum = byQuestion.get(id);
      return sum === undefined ? [] : [[id, cellOf(sum)] as const];
    }),
  );
}

interface Sum {
  readonly fail: readonly Broken[];
  readonly warn: readonly Broken[];
  readonly passed: boolean;
  readonly erred: boolean;
}

function added({ fail, warn, passed, erred }: Sum, check: string, tally: Tally): Sum {
  if (typeof tally === 'number') return { fail, warn, passed: passed || tally > 0, erred };
  return {
    fail: merged(fail, check, tally.fail),
    warn: merged(warn, check, tally.warn),
    passed: passed || (tally.pass ?? 0) > 0,
    erred: erred || (tally.error ?? 0) > 0,
  };
}

function merged(
  known: readonly Broken[],
  check: string,
  classes: Readonly<Record<string, number>> = {},
): readonly Broken[] {
  return Object.entries(classes).reduce((sums, [id, cases]) => {
    const same = sums.find((one) => one.check === check && one.class === id);
    const others = sums.filter((one) => one !== same);
    return [...others, { check, class: id, cases: cases + (same?.cases ?? 0) }];
  }, known);
}

function cellOf({ fail, warn, passed, erred }: Sum): Cell {
  const most = (broken: readonly Broken[]) => [...broken].sort((a, b) => b.cases - a.cases);
  if (fail.length > 0) return { mark: 'fail', broken: most(fail) };
  if (warn.length > 0) return { mark: 'warn', broken: most(warn) };
  return { mark: passed ? 'pass' : erred ? 'error' : 'none', broken: [] };
}

/**
 * What makes neighbours one column. Warnings part none, and neither does a version in which only this was not judged: both come
 * and go with the words a model chose, as the number of cases does.
 */
export function columnKey(cells: readonly Cell[]): string {
  const served = cells.some(({ mark }) => mark !== 'none');
  return cells
    .map(({ mark, broken }) => {
      if (mark === 'fail') return broken.map(({ check, class: id }) => `${check} ${id}`).sort();
      return mark === 'warn' || (mark === 'none' && served) ? 'pass' : mark;
    })
    .join(';');
}

/** One cell for those of a column. */
export function together(cells: readonly Cell[]): Cell {
  const told = (['fail', 'warn', 'error', 'pass'] as const).find((mark) =>
    cells.some((cell) => cell.mark === mark),
  );
  const alike = cells.filter(({ mark }) => mark === told);
  const [first] = alike;
  if (first === undefined) return NOTHING;
  const all = alike.flatMap(({ broken }) => broken);
  const broken = all.filter(
    ({ check, class: id }, i) => all.findIndex((one) => one.check === check && one.class === id) === i,
  );
  return { ...first, broken, ...(alike.length < cells.length ? { only: alike.length } : {}) };
}
