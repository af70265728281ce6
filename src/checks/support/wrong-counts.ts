/** Looks at all wrong counts of an API in one mode together, and says what pattern they follow. */

import { type Answer, countsOf } from '../../model/answer.ts';
import type { ApiId, Mode } from '../../model/api.ts';
import { isJsonObject } from '../../model/json.ts';
import { textOf } from '../../references/counted-request.ts';
import {
  completionLikeness,
  type JudgedCount,
  promptLikeness,
  type SeenCounts,
} from '../../references/likeness.ts';
import { answerKey } from '../../references/references.ts';
import type { ServerView } from './server-view.ts';

/** What a count must be; null where that is not known. */
type Expected = (answer: Answer) => number | null;

/** Answers from which usage was due, of one API in one mode. */
export function countedAnswers(api: ApiId, mode: Mode, view: ServerView): readonly Answer[] {
  return [...view.seen.cases.values()]
    .filter(({ id }) => id.api === api && id.mode === mode && (id.option === 'asked' || id.option === '-'))
    .flatMap(({ key }) => view.attempts(key).flatMap(({ answer }) => answer ?? []));
}

/** A sentence about an API's wrong prompt counts; undefined where they look like nothing known. */
export function wrongPrompts(answer: Answer, view: ServerView, expected: Expected): string | undefined {
  const seen = seenCounts(answer, view, expected, 'prompt', (one) => {
    const { prompt } = one.asked;
    if (prompt === null) return { text: '' };
    const isConversation = prompt.kind !== 'ids' && prompt.kind !== 'text' && prompt.messages.length > 1;
    return { text: textOf(prompt), ...(isConversation ? { lines: textOf(prompt, '\n') } : {}) };
  });
  return promptLikeness(seen) ?? undefined;
}

/** The same about completion counts. */
export function wrongCompletions(answer: Answer, view: ServerView, expected: Expected): string | undefined {
  const seen = seenCounts(answer, view, expected, 'completion', (one) => {
    const { body } = one.exchange.request;
    const chunks = one.choices.reduce((sum, { deltas }) => sum + deltas, 0);
    const again = isJsonObject(body)
      ? view.seen.references?.retokenised.get(answerKey(one.id.api, body, one.choices))
      : undefined;
    return {
      text: one.choices.map(({ text, toolCalls }) => text + toolCalls).join(''),
      ...(one.kind === 'stream' ? { chunks } : {}),
      ...(again === undefined ? {} : { retokenised: again.count }),
    };
  });
  return completionLikeness(seen) ?? undefined;
}

/** Names the choices that never came, since they may have been counted; null where all did. It goes before any likeness. */
export function missingChoices({ asked, choices }: Answer): string | null {
  return choices.length < asked.answers
    ? `${choices.length} of the ${asked.answers} choices asked for came`
    : null;
}

/** Answers that lack a choice tell nothing about the others. */
function seenCounts(
  { id }: Answer,
  view: ServerView,
  expected: Expected,
  which: 'prompt' | 'completion',
  facts: (answer: Answer) => Omit<JudgedCount, 'reported' | 'expected'>,
): SeenCounts {
  const answers = countedAnswers(id.api, id.mode, view);
  const judged = answers.flatMap((answer) => {
    const due = missingChoices(answer) !== null ? null : expected(answer);
    const reported = countsOf(answer)?.[which];
    return due === null || reported === undefined ? [] : [{ reported, expected: due, ...facts(answer) }];
  });
  return { judged, reported: answers.flatMap((answer) => countsOf(answer)?.[which] ?? []) };
}
