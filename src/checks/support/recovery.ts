/** The plain request after one that was broken off or too long: is it served again, and counted as before? */

import { countsOf, isComplete } from '../../model/answer.ts';
import type { Exchange } from '../../model/exchange.ts';
import { broken, type Finding, inapplicable, observed, pass, unjudged } from '../../model/finding.ts';
import type { CaseRecord } from '../../model/observations.ts';
import { completionCountFails, LIMIT_CHECKS, promptCountMoves } from './distrusted-counts.ts';
import { NOT_COUNTED, ownAnswer, ownCounts } from './own-answer.ts';
import { difference } from './same-counts.ts';
import { keyOf, type ServerView } from './server-view.ts';
import { countsAreStale } from './stale-counts.ts';

export const RECOVERY_CLASSES = [
  'hung',
  'dropped',
  'unreachable',
  'refused',
  'incomplete',
  'usage',
  'miscounted',
] as const;
export const RECOVERY_CONSULTS = ['usage-nonzero', 'prompt-stable', ...LIMIT_CHECKS] as const;

/** @param followUps the plain request's tries in order; the last one counts. */
export function judgeRecovery(
  { key: filedAt, id: { api } }: CaseRecord,
  followUps: readonly Exchange[],
  view: ServerView<(typeof RECOVERY_CONSULTS)[number]>,
): Finding<(typeof RECOVERY_CLASSES)[number]> {
  const key = keyOf(api, 'stream', 'text');
  if (view.answer(key) === null) return inapplicable('the plain request was not answered before');
  const own = ownAnswer(view, filedAt, key);
  if ('verdict' in own) return own;
  const last = followUps.at(-1);
  if (last === undefined) return unjudged('the plain request was not sent again');
  // Not served at all, it was sent once more.
  const told = { expected: 'the plain request served again as before', twice: followUps.length > 1 };
  const { reply } = last;
  if (reply.kind === 'unsent') return unjudged(reply.message);
  if (reply.kind === 'unreachable' || reply.kind === 'dropped' || reply.kind === 'silent') {
    return broken({
      class: reply.kind === 'silent' ? 'hung' : reply.kind,
      ...told,
      detail: `the next plain request was not served (${reply.message})`,
    });
  }
  const { outcome, answer } = view.read(last, own.id);
  if (outcome.kind === 'unjudged') {
    const hung = reply.body.ending.kind === 'stopped';
    return hung ? broken({ class: 'hung', ...told, detail: outcome.reason }) : unjudged(outcome.reason);
  }
  if (outcome.kind === 'refused' || outcome.kind === 'failed') {
    const why = outcome.kind === 'refused' ? `HTTP ${outcome.status}: ${outcome.reason}` : observed(outcome);
    return broken({ class: 'refused', ...told, detail: `the next plain request was not served (${why})` });
  }
  if (answer === null) return unjudged('the plain request was not sent again');
  const frames = answer.kind === 'stream' ? answer.stream.frames.slice(-3) : [];
  if (isComplete(own) && !isComplete(answer)) {
    return broken({
      class: 'incomplete',
      ...told,
      detail: 'the next plain request was not answered completely',
      frames,
    });
  }
  const due = ownCounts(own);
  if (view.found('usage-nonzero', key)?.verdict !== 'pass' || countsAreStale(view))
    return pass('counts not judged: usage-nonzero did not pass before');
  if (due === null) return pass(`counts not judged: ${NOT_COUNTED}`);
  const counts = countsOf(answer);
  const moves = promptCountMoves(view, api, 'stream');
  if (counts === null && moves) return pass('counts not judged: they depend on what was sent before');
  if (counts === null)
    return broken({
      class: 'usage',
      ...told,
      detail: 'the next plain request has no complete usage',
      frames,
    });
  const differs = difference(
    { answer: own, counts: due },
    { answer, counts },
    {
      prompt: !moves,
      completion: !completionCountFails(view, api, 'stream'),
    },
  );
  return differs === null ? pass() : broken({ class: 'miscounted', ...told, ...differs, frames });
}
