/** Compares a server's counts for the same request with each other, and with nothing else. */
import { apiOf } from '../../apis/index.ts';
import { type Answer, type Counts, cutByLimit } from '../../model/answer.ts';
import type { ApiId } from '../../model/api.ts';
import type { Broken } from '../../model/finding.ts';
import { scenarios } from '../../scenarios/index.ts';
import { keyOf, type ServerView } from './server-view.ts';

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
  if (prompt !== null || !due.completion || !sameCompletionDue(own.answer, now.answer)) return prompt;
  return differs('completion');
}

/** Keys of a streaming case and of the same case without streaming. */
export interface Twins {
  readonly stream: string;
  readonly whole: string;
}

export function twinsOf(api: ApiId, view: ServerView): readonly Twins[] {
  // Prompts with a usage of their own are compared with what each counts alone.
  const listed = apiOf(api).rules.has('usage-per-prompt');
  return scenarios
    .filter(({ modes, id }) => modes.includes('nonstream') && id !== 'repeat')
    .filter(({ needs }) => !(listed && needs.includes('prompt-lists')))
    .map(({ id }) => ({ stream: keyOf(api, 'stream', id), whole: keyOf(api, 'nonstream', id) }))
    .filter(({ stream, whole }) => view.seen.cases.has(stream) && view.seen.cases.has(whole));
}
