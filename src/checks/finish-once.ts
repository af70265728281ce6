import { lastFrames } from '../model/answer.ts';
import { broken, pass } from '../model/finding.ts';
import { answerCheck, BOTH } from './support/define-check.ts';

export default answerCheck({
  id: 'finish-once',
  modes: BOTH,
  needs: ['request-answered', 'choices-indexed'],
  reads: 'finish',
  judge(answer) {
    const expected = 'one finish_reason for each choice';
    const frames = lastFrames(answer);
    if (answer.choices.length === 0)
      return broken({ expected, observed: 'none: no choice came at all', frames });
    for (const { index, finishes } of answer.choices) {
      if (finishes.length === 0)
        return broken({ expected, observed: `none: choice ${index} has no finish_reason`, frames });
      if (finishes.length > 1) {
        const word = new Set(finishes).size > 1 ? 'contradictory' : 'repeated';
        return broken({
          expected,
          observed: `${word}: choice ${index} ends with ${finishes.slice(0, 4).join(', ')}`,
          frames,
        });
      }
    }
    return pass();
  },
});
