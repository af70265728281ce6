/** The faults a usage object can have by itself; the same for streams and whole answers. */

import { isCount } from '../../model/answer.ts';
import type { UsageCounts } from '../../model/exchange.ts';

/** A count by the name its API gives it, raw. */
interface NamedValue {
  readonly name: string;
  readonly value: unknown;
}

const three = ({ names, prompt, completion, total }: UsageCounts): readonly NamedValue[] => [
  { name: names.prompt, value: prompt },
  { name: names.completion, value: completion },
  { name: names.total, value: total },
];

/** Those of the three counts that are absent or null. */
export function missingCounts(counts: UsageCounts): readonly NamedValue[] {
  return three(counts).filter(({ value }) => value === undefined || value === null);
}

/** Counts, also in the details, that are no integers from 0 to 2^53. Null details are allowed. */
export function notIntegers(counts: UsageCounts): readonly NamedValue[] {
  return [...three(counts), ...counts.details.map(([name, value]) => ({ name, value }))].filter(
    ({ value }) => value !== null && value !== undefined && !isCount(value),
  );
}

/** `prompt_tokens is "12", total_tokens is absent` */
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
export function wrongTotal({ prompt, completion, total, names }: UsageCounts) {
  if (!isCount(prompt) || !isCount(completion) || !isCount(total)) return null;
  const expected = prompt + completion;
  if (expected === total) return null;
  return {
    detail: `${prompt} + ${completion} = ${expected}, ${names.total} says ${total}`,
    numbers: { prompt, completion, expected, reported: total },
  };
}
