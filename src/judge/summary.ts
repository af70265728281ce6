/** Verdicts: in which order, how often, and which is the worst. */
import type { Result, Summary, Verdict } from '../model/report.ts';

export const verdicts: readonly Verdict[] = ['pass', 'fail', 'warn', 'skip', 'error'];

/** A pass precedes an error, and is then shown with the number of cases it was seen in: `✓ 7/8`. */
export const worstFirst: readonly Verdict[] = ['fail', 'warn', 'pass', 'error', 'skip'];

/** Counts results by verdict. */
export function summarise(results: Iterable<Pick<Result, 'verdict'>>): Summary {
  const counts = { pass: 0, fail: 0, warn: 0, skip: 0, error: 0 };
  for (const result of results) counts[result.verdict] += 1;
  return counts;
}

/** `fail 3/200` */
export function oftenOf(verdict: Verdict, times: Summary): string {
  const total = Object.values(times).reduce((sum, count) => sum + count, 0);
  return `${verdict} ${times[verdict]}/${total}`;
}
