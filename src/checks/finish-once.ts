import { lastFrames } from '../model/answer.ts';
import { blocked, broken, pass } from '../model/finding.ts';
import { answerCheck, BOTH } from './support/define-check.ts';

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
      if (finishes.length === 0)
        return broken({ class: 'none', expected, detail: `choice ${index} has no ${finish}`, frames });
      if (finishes.length > 1) {
        return broken({
          class: new Set(finishes).size > 1 ? 'contradictory' : 'repeated',
          expected,
          detail: `choice ${index} ends with ${finishes.slice(0, 4).join(', ')}`,
          frames,
        });
      }
    }
    return pass();
  },
});
