/** Compares a server's counts for the same request with each other, and with nothing else. */
import { type Answer, type Counts, cutByLimit, delivered } from '../../model/answer.ts';
import type { Broken } from '../../model/finding.ts';

/** Sent with the same limit by the same name: a substitute that a server does not know is no limit. */
export const sameLimit = (a: Answer, b: Answer): boolean =>
  a.limit?.tokens === b.limit?.tokens && a.limit?.by === b.limit?.by;

/** Whether two answers must have equal completion counts: both ran to the same limit, or delivered the same. */
function sameCompletionDue(a: Answer, b: Answer): boolean {
  if (a.choices.length !== b.choices.length || !sameLimit(a, b)) return false;
  if (cutByLimit(a) && cutByLimit(b)) return true;
  const digests = (answer: Answer) =>
    answer.choices.map(({ digest, finishes }) => `${digest}${JSON.stringify(finishes)}`).join('|');
  const hidden = [...a.choices, ...b.choices].some(({ reasoningLength }) => reasoningLength > 0);
  return !hidden && digests(a) === digests(b);
}

/** How counts differ that must be equal, e.g. "prompt 20 alone, 40 now"; null where all are equal. */
export function difference(
  own: { readonly answer: Answer; readonly counts: Counts },
  now: { readonly answer: Answer; readonly counts: Counts },
  due: { readonly prompt: boolean; readonly completion: boolean },
): Pick<Broken, 'detail' | 'numbers'> | null {
  const differs = (what: 'prompt' | 'completion') => {
    const [expected, reported] = [own.counts[what], now.counts[what]];
    if (expected === reported) return null;
    return { detail: `${what} ${expected} alone, ${reported} now`, numbers: { reported, expected } };
  };
  const prompt = due.prompt ? differs('prompt') : null;
  if (prompt !== null || !due.completion) return prompt;
  // Whatever the text: what was delivered is not nothing.
  const nothing = now.counts.completion === 0 && delivered(now.answer);
  return nothing || sameCompletionDue(own.answer, now.answer) ? differs('completion') : null;
}
