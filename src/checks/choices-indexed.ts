import type { Answer } from './answer.ts';
import { ASKED, answerCheck, BOTH } from './define-check.ts';
import { broken, inapplicable, pass } from './finding.ts';
import { keyOf, type ServerView } from './server-view.ts';

/** Where single answers repeat their finish as well, a second finish says nothing about a second choice. */
function repeatsFinishes(answer: Answer, view: ServerView): boolean {
  const single =
    view.answer(keyOf(answer.id.api, answer.id.mode, 'short')) ??
    view.answer(keyOf(answer.id.api, answer.id.mode, 'text'));
  return single?.choices.some((choice) => choice.finishes.length > 1) ?? false;
}

export default answerCheck({
  id: 'choices-indexed',
  modes: BOTH,
  options: ASKED,
  scenarios: ['n2', 'list-prompts'],
  needs: ['request-answered'],
  reads: 'finish',
  judge(answer, view) {
    const { choices } = answer;
    const expected = 'an index of its own, 0 or 1, for each of the two choices';
    const fault = (observed: string) =>
      broken({ expected, observed, frames: answer.kind === 'stream' ? answer.stream.frames.slice(-4) : [] });
    if (choices.some(({ index }) => index === null)) return fault('absent: a choice came without an index');
    const far = choices.find(({ index }) => (index ?? 0) > 1);
    if (far !== undefined) return fault(`out-of-range: a choice has index ${far.index}`);
    const indexes = choices.map(({ index }) => index);
    if (new Set(indexes).size < indexes.length)
      return fault(`repeated: several choices have index ${indexes[0]}`);
    const several = choices.find(({ finishes }) => finishes.length > 1);
    const none = choices.find(({ finishes }) => finishes.length === 0);
    if (several !== undefined && none !== undefined) {
      return fault(
        `mixed-up: index ${several.index} has ${several.finishes.length} finishes and index ${none.index} none`,
      );
    }
    if (choices.length > 1) return pass();
    if (several !== undefined && !repeatsFinishes(answer, view)) {
      return fault(
        `repeated: index ${several.index} has ${several.finishes.length} finishes and no other choice came`,
      );
    }
    return inapplicable('one choice came: several were not served');
  },
});
