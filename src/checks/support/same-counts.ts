/** Comparing what a server counted for the same request twice, never with anything but its own word. */
import type { Answer, Counts } from '../../model/answer.ts';

/** Cut by the limit in every choice: then the text's own whims do not change the count. */
export const cutByLimit = (answer: Answer): boolean =>
  answer.choices.length > 0 && answer.choices.every(({ finishes }) => finishes.at(-1) === 'length');

/** Sent with the same limit by the same name: a substitute that a server does not know is no limit. */
export const sameLimit = (a: Answer, b: Answer): boolean =>
  a.limit?.tokens === b.limit?.tokens && a.limit?.by === b.limit?.by;

/** Whether two answers must have equal completion counts: both ran to the same limit, or delivered the same. */
function sameCompletionDue(a: Answer, b: Answer): boolean {
  if (a.choices.length !== b.choices.length || !sameLimit(a, b)) return false;
  if (cutByLimit(a) && cutByLimit(b)) return true;
  const digests = (answer: Answer) =>
    answer.choices.map(({ digest, finishes }) => `${digest}${finishes.join()}`).join('|');
  const hidden = [...a.choices, ...b.choices].some(({ reasoningLength }) => reasoningLength > 0);
  return !hidden && digests(a) === digests(b);
}

/** "prompt 20 alone, 40 now"; null where all counts that must be equal are. */
export function difference(
  own: { readonly answer: Answer; readonly counts: Counts },
  now: { readonly answer: Answer; readonly counts: Counts },
  due: { readonly prompt: boolean; readonly completion: boolean },
): string | null {
  if (due.prompt && own.counts.prompt !== now.counts.prompt)
    return `prompt ${own.counts.prompt} alone, ${now.counts.prompt} now`;
  if (
    due.completion &&
    sameCompletionDue(own.answer, now.answer) &&
    own.counts.completion !== now.counts.completion
  ) {
    return `completion ${own.counts.completion} alone, ${now.counts.completion} now`;
  }
  return null;
}
