/** Marks and words of a table cell, the same in every reporter that draws the table. */

import type { Verdict } from '../../model/report.ts';
import { cutToLength } from '../../text/harmless.ts';
import type { Cell } from './grid.ts';

export const marks: Readonly<Record<Verdict, string>> = {
  pass: '✓',
  fail: '✗',
  warn: '!',
  skip: '–',
  error: '?',
};

const MEANINGS: Readonly<Record<Verdict, string>> = {
  pass: 'pass',
  fail: 'fail',
  warn: 'warn',
  skip: 'skipped',
  error: 'could not be judged',
};

/** What may follow a mark, and what it says. */
export const SIGNS = [
  { sign: '*', of: 'lowered', meaning: 'accepted by the profile' },
  { sign: '=', of: 'baselined', meaning: 'in the baseline' },
  { sign: '~', of: 'intermittent', meaning: 'intermittent' },
] as const;

/** `✗ absent`, `✗ absent 3/14` where only some cases came out like this, `✓`, `!* late`, `–`. The word is cut to the width. */
export function cellText(cell: Cell | null, width: number = Number.POSITIVE_INFINITY): string {
  if (cell === null) return '';
  const mark = markOf(cell);
  const words = cell.verdict === 'fail' || cell.verdict === 'warn' ? cell.classes.join('/') : '';
  const count = cell.hits < cell.of ? `${cell.hits}/${cell.of}` : '';
  const join = (word: string) => [mark, word, count].filter(Boolean).join(' ');
  const whole = join(words);
  return whole.length <= width ? whole : join(cutToLength(words, Math.max(2, width - join('').length - 1)));
}

/** The mark with its signs: `✗=~`. */
export function markOf(cell: Cell): string {
  return marks[cell.verdict] + SIGNS.map(({ sign, of }) => (cell[of] ? sign : '')).join('');
}

/** The meaning of every mark and sign that the cells use. */
export function legendOf(cells: ReadonlyArray<Cell | null>): readonly string[] {
  const used = cells.filter((cell) => cell !== null);
  const words = (['pass', 'fail', 'warn', 'skip', 'error'] as const)
    .filter((verdict) => used.some((cell) => cell.verdict === verdict))
    .map((verdict) => `${marks[verdict]} ${MEANINGS[verdict]}`);
  const signWords = SIGNS.filter(({ of }) => used.some((cell) => cell[of])).map(
    ({ sign, meaning }) => `${sign} ${meaning}`,
  );
  const partial = used.some((cell) => cell.hits < cell.of) ? ['3/14: in 3 of 14 cases'] : [];
  return [...words, ...signWords, ...partial];
}
