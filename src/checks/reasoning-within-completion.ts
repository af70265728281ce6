import { countsOf, lastFrames } from '../model/answer.ts';
import { broken, inapplicable, pass } from '../model/finding.ts';
import { ASKED, answerCheck, BOTH } from './support/define-check.ts';

export default answerCheck({
  id: 'reasoning-within-completion',
  classes: ['more'],
  modes: BOTH,
  options: ASKED,
  needs: ['usage-integers'],
  reads: 'counts',
  judge(answer) {
    const counts = countsOf(answer);
    if (counts === null) return undefined;
    if (counts.reasoning === null) return inapplicable('no count of reasoning tokens was sent');
    if (counts.reasoning <= counts.completion) return pass();
    return broken({
      expected: `at most ${counts.completion} reasoning tokens, as many as the completion has`,
      class: 'more',
      numbers: { reported: counts.reasoning, most: counts.completion },
      detail: `${counts.reasoning} reasoning of ${counts.completion} completion tokens`,
      frames: lastFrames(answer),
    });
  },
});
