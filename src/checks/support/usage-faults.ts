/** The faults a usage object can have by itself; the same for streams and whole answers. */

import { isCount } from '../../model/answer.ts';
import type { CountField, UsageCounts } from '../../model/exchange.ts';

/** A count by the name its API gives it, raw. */
interface NamedValue {
  readonly name: string;
  readonly value: unknown;
}

const named = (fields: readonly CountField[]): readonly NamedValue[] =>
  fields.map(([name, value]) => ({ name, value }));

/** Those of the counts that must be there that are absent or null. */
export function missingCounts(counts: UsageCounts): readonly NamedValue[] {
  return named(counts.required).filter(({ value }) => value === undefined || value === null);
}

/** Counts, also in the details, that are no integers from 0 to 2^53. Null details are allowed. */
export function notIntegers(counts: UsageCounts): readonly NamedValue[] {
  return named([...counts.required, ...counts.details]).filter(
    ({ value }) => value !== null && value !== undefined && !isCount(value),
  );
}

/** "the first count is "12", the second is absent", by their names. */
export function inWords(faults: readonly NamedValue[]): string {
  return faults.map(({ name, value }) => `${name} is ${shown(value)}`).join(', ');
}

function shown(value: unknown): string {
  return JSON.stringify(value)?.slice(0, 60) ?? 'absent';
}

export const NO_COUNT = ['string', 'negative', 'fraction', 'huge', 'no-number'] as const;

/** The class of a value that is no token count. */
export function classOfValue(value: unknown): (typeof NO_COUNT)[number] {
  if (typeof value === 'string') return 'string';
  if (typeof value !== 'number') return 'no-number';
  if (value < 0) return 'negative';
  return Number.isInteger(value) || !Number.isFinite(value) ? 'huge' : 'fraction';
}

/** The numbers of a sum that does not add up; null where it does, or where they are no numbers. */
export function wrongTotal({ prompt, completion, total, beside }: UsageCounts, name: string | null) {
  if (!isCount(prompt) || !isCount(completion) || !isCount(total)) return null;
  const more = isCount(beside) ? beside : 0;
  const expected = prompt + completion + more;
  if (expected === total) return null;
  return {
    detail: `${prompt} + ${completion}${more === 0 ? '' : ` + ${more}`} = ${expected}, ${name} says ${total}`,
    numbers: { prompt, completion, expected, reported: total },
  };
}
