import { lastFrames } from '../model/answer.ts';
import { blocked, broken, pass } from '../model/finding.ts';
import { answerCheck, BOTH } from './support/define-check.ts';

const MOST_SHOWN = 4;

/** Values as they came: `"stop"`, `"length"`, `0`. */
function inWords(values: readonly unknown[]): string {
  const words = values.map((value) => JSON.stringify(value));
  if (words.length > MOST_SHOWN) words.splice(MOST_SHOWN - 1, words.length - MOST_SHOWN, '…');
  return words.join(', ');
}

export default answerCheck({
  id: 'finish-once',
  classes: ['none', 'contradictory', 'repeated'],
  modes: BOTH,
  needs: ['request-answered', 'choices-indexed'],
  reads: 'finish',
  judge(answer) {
    if (answer.kind === 'whole' && answer.unfinished !== null)
      return blocked(`nonstream-usage: the answer is unfinished (${answer.unfinished})`);
    const { finish } = answer.api.terms;
    const expected = `one ${finish} for each choice`;
    const frames = lastFrames(answer);
    if (answer.choices.length === 0)
      return broken({ class: 'none', expected, detail: 'no choice came at all', frames });
    for (const { index, finishes } of answer.choices) {
      const [first] = finishes;
      if (finishes.length === 0)
        return broken({ class: 'none', expected, detail: `choice ${index} has no ${finish}`, frames });
      if (finishes.length > 1) {
        return broken({
          class:
            new Set(finishes.map((value) => JSON.stringify(value))).size > 1 ? 'contradictory' : 'repeated',
          expected,
          detail: `choice ${index} ends with ${inWords(finishes)}`,
          frames,
        });
      }
      if (typeof first !== 'string') {
        const detail = `the ${finish} of choice ${index} is ${inWords(finishes)}, which is no string`;
        return broken({ class: 'none', expected, detail, frames });
      }
    }
    return pass();
  },
});
