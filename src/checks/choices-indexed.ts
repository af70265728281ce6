import { type Answer, endOf, lastFrames } from '../model/answer.ts';
import type { ChoiceFacts } from '../model/exchange.ts';
import { broken, inapplicable, pass } from '../model/finding.ts';
import { ASKED, answerCheck, BOTH } from './support/define-check.ts';
import { keyOf, type ServerView } from './support/server-view.ts';

const singleAnswer = ({ id }: Answer, view: ServerView) =>
  view.answer(keyOf(id.api, id.mode, 'short')) ?? view.answer(keyOf(id.api, id.mode, 'text'));

/** Where single answers repeat their finish as well, a second finish says nothing about a second choice. */
function repeatsFinishes(answer: Answer, view: ServerView): boolean {
  return singleAnswer(answer, view)?.choices.some(({ finishes }) => finishes.length > 1) ?? false;
}

/**
 * A choice that used up its limit without a delta, beside one with more deltas than its limit allows: their deltas share an
 * index, and only the finishes have their own. Not where single answers have more deltas than tokens.
 */
function sharedDeltas(answer: Answer, view: ServerView): string | null {
  const limit = answer.limit?.tokens ?? Number.POSITIVE_INFINITY;
  const over = ({ deltas }: ChoiceFacts) => deltas > limit;
  const silent = answer.choices.find((choice) => choice.deltas === 0 && endOf(answer, choice) === 'limit');
  const loud = answer.choices.find(over);
  if (silent === undefined || loud === undefined) return null;
  const single = singleAnswer(answer, view);
  if (single === null || single.choices.some(over)) return null;
  return `index ${loud.index} has ${loud.deltas} deltas for ${limit} tokens and index ${silent.index} none`;
}

export default answerCheck({
  id: 'choices-indexed',
  rule: 'choices-indexed',
  classes: ['absent', 'out-of-range', 'repeated', 'mixed-up'],
  modes: BOTH,
  options: ASKED,
  scenarios: ['n2', 'list-prompts'],
  needs: ['request-answered'],
  reads: 'finish',
  judge(answer, view) {
    const { choices } = answer;
    const expected = 'an index of its own, 0 or 1, for each of the two choices';
    const frames = lastFrames(answer);
    const fault = <const C extends string>(cls: C, detail: string) =>
      broken({ class: cls, expected, detail, frames });
    if (choices.some(({ index }) => index === null))
      return fault('absent', 'a choice came without a number from 0 for its index');
    const far = choices.find(({ index }) => (index ?? 0) > 1);
    if (far !== undefined) return fault('out-of-range', `a choice has index ${far.index}`);
    const indexes = choices.map(({ index }) => index);
    if (new Set(indexes).size < indexes.length)
      return fault('repeated', `several choices have index ${indexes[0]}`);
    const several = choices.find(({ finishes }) => finishes.length > 1);
    const none = choices.find(({ finishes }) => finishes.length === 0);
    if (several !== undefined && none !== undefined) {
      return fault('mixed-up', `index ${several.index} has several finishes and index ${none.index} none`);
    }
    const shared = sharedDeltas(answer, view);
    if (shared !== null) return fault('mixed-up', shared);
    if (choices.length > 1) return pass();
    if (several !== undefined && !repeatsFinishes(answer, view)) {
      return fault('repeated', `index ${several.index} has several finishes and no other choice came`);
    }
    return inapplicable('one choice came: several were not served');
  },
});
