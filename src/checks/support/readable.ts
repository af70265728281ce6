/** Why of one answer usage, finishes or numbers can't be read, as far as it tells by itself. */
import { type Answer, breachesOf, endState, isFinished, usagesDisagree } from '../../model/answer.ts';
import { blocked, type Skip } from '../../model/finding.ts';
import type { AnswerCheck } from './define-check.ts';

/** The way it ended keeps everything but its events from being read; null where nothing does. */
export function unreadableEnd(answer: Answer, reads: AnswerCheck['reads']): Skip | null {
  if (reads === 'events' || answer.kind !== 'stream') return null;
  if (answer.stream.error !== null) return blocked('error-ends-stream: the stream ended in an error');
  const end = endState(answer.stream, answer.ending);
  if (end === 'cut' || end === 'early' || end === 'twice-with-more')
    return blocked('stream-end: the stream did not end as it should');
  if (end === 'missing' && !isFinished(answer))
    return blocked('stream-end: the stream ended before its last chunks');
  if (end === 'missing' && answer.api.endCarriesUsage)
    return blocked('stream-end: what ends the stream carries usage and finish, and never came');
  return null;
}

/** Its usages keep this from being read; null where nothing does. */
export function unreadableUsage(answer: Answer, reads: AnswerCheck['reads']): Skip | null {
  if (reads === 'events' || answer.kind !== 'stream') return null;
  if (reads !== 'finish' && lacksStart(answer))
    return blocked('stream-start: what opens the stream carries usage, and never came');
  return reads === 'counts' && usagesDisagree(answer) ? blocked('usage-once: several usages disagree') : null;
}

const lacksStart = (answer: Answer): boolean =>
  answer.api.startCarriesUsage === true &&
  breachesOf(answer, 'stream-start').some((breach) => breach.class === 'missing');
