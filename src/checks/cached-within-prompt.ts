import { countsOf, lastFrames } from '../model/answer.ts';
import { broken, inapplicable, pass } from '../model/finding.ts';
import { ASKED, answerCheck, BOTH } from './support/define-check.ts';

export default answerCheck({
  id: 'cached-within-prompt',
  modes: BOTH,
  options: ASKED,
  classes: ['more'],
  needs: ['usage-integers'],
  reads: 'counts',
  judge(answer) {
    const counts = countsOf(answer);
    if (counts === null) return undefined;
    if (counts.cached === null) return inapplicable('no count of cached tokens was sent');
    if (counts.cached <= counts.prompt) return pass();
    return broken({
      expected: `at most ${counts.prompt} cached tokens, as many as the prompt has`,
      class: 'more',
      detail: `${counts.cached} cached of ${counts.prompt} prompt tokens`,
      numbers: { reported: counts.cached, most: counts.prompt },
      frames: lastFrames(answer),
    });
  },
});
