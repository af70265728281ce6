/** What a relation check compares with: the server's own answer to the same request, alone and as warm. */
import { type Answer, type Counts, countsOf, hasErred } from '../../model/answer.ts';
import { blocked, inapplicable, type Skip, type Unjudged, unjudged } from '../../model/finding.ts';
import type { ServerView } from './server-view.ts';

/**
 * The answer to what was sent again for this case; without such (a recording of old) the one that its own case got.
 * @param at the case of the relation
 * @param alone the case that sent the request by itself
 */
export function ownAnswer(view: ServerView, at: string, alone: string): Answer | Skip | Unjudged {
  const state = view.seen.cases.get(at)?.state;
  const twins = state?.kind === 'sent' ? (state.material.twins ?? []) : [];
  const exchange = twins.find((twin) => twin.alone === alone)?.exchange;
  const first = view.answer(alone);
  if (first === null) return inapplicable('not answered when sent alone');
  if (exchange === undefined) return whole(first);
  const { outcome, answer } = view.read(exchange, first.id);
  if (outcome.kind === 'unjudged') return unjudged(outcome.reason);
  return answer === null ? inapplicable('not answered when sent alone again') : whole(answer);
}

const whole = (answer: Answer): Answer | Skip =>
  hasErred(answer) ? blocked('error-ends-stream: alone, the stream ended in an error') : answer;

/** Counts that others may be compared with; null where none came, or a 0, which proves nothing about another answer. */
export function ownCounts(own: Answer): Counts | null {
  const counts = countsOf(own);
  return counts !== null && counts.prompt > 0 && counts.completion > 0 ? counts : null;
}

/** Why nothing is compared then. */
export const NOT_COUNTED = 'sent alone again it was counted as 0, or not at all';
