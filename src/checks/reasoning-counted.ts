import { countsOf, lastFrames } from '../model/answer.ts';
import { broken, inapplicable, pass } from '../model/finding.ts';
import { ASKED, answerCheck, BOTH } from './support/define-check.ts';

export default answerCheck({
  id: 'reasoning-counted',
  level: 'SHOULD',
  classes: ['zero'],
  modes: BOTH,
  options: ASKED,
  needs: ['usage-integers'],
  reads: 'counts',
  judge(answer) {
    const counts = countsOf(answer);
    if (counts === null) return undefined;
    if (!answer.choices.some((choice) => choice.reasoningLength > 0))
      return inapplicable('no reasoning was delivered');
    if (counts.reasoning === null) return inapplicable('no count of reasoning tokens was sent');
    if (counts.reasoning > 0) return pass();
    return broken({
      expected: 'reasoning tokens above 0, since reasoning was delivered',
      class: 'zero',
      detail: 'reasoning was delivered and counted as 0',
      frames: lastFrames(answer),
    });
  },
});
