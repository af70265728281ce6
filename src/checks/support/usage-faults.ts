/** The faults a usage object can have by itself, in words; the same for streams and whole answers. */

import { isCount } from '../../model/answer.ts';
import type { UsageCounts } from '../../model/exchange.ts';

const three = (counts: UsageCounts) =>
  [
    [counts.names.prompt, counts.prompt],
    [counts.names.completion, counts.completion],
    [counts.names.total, counts.total],
  ] as const;

/** "total_tokens is absent" for each of the three counts that is missing or null. */
export function missingCounts(counts: UsageCounts): readonly string[] {
  return three(counts)
    .filter(([, value]) => value === undefined || value === null)
    .map(([name, value]) => `${name} is ${value === null ? 'null' : 'absent'}`);
}

/** `prompt_tokens is "12"` for each count, also in the details, that is no integer from 0 to 2^53. Null details are allowed. */
export function notIntegers(counts: UsageCounts): readonly string[] {
  return [...three(counts), ...counts.details]
    .filter(([, value]) => value !== null && value !== undefined && !isCount(value))
    .map(([name, value]) => `${name} is ${JSON.stringify(value)?.slice(0, 60)}`);
}

/** "20 + 5 = 25, total_tokens says 24"; null where they add up or are no numbers. */
export function wrongTotal(counts: UsageCounts): string | null {
  const { prompt, completion, total } = counts;
  if (!isCount(prompt) || !isCount(completion) || !isCount(total) || prompt + completion === total)
    return null;
  return `${prompt} + ${completion} = ${prompt + completion}, ${counts.names.total} says ${total}`;
}

/** The class word of a value that is no token count. */
export function classOfNumber(faults: readonly string[]): string {
  const text = faults[0] ?? '';
  if (text.includes('is "')) return 'string';
  if (text.includes('is -')) return 'negative';
  if (/is \d+\.\d+$/.test(text)) return 'fraction';
  return /is \d/.test(text) ? 'huge' : 'no-number';
}
