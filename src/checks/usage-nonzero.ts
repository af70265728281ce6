import { countsOf, delivered, lastFrames } from '../model/answer.ts';
import { broken, pass } from '../model/finding.ts';
import { ASKED, answerCheck, BOTH } from './support/define-check.ts';

export default answerCheck({
  id: 'usage-nonzero',
  classes: ['zero'],
  modes: BOTH,
  options: ASKED,
  needs: ['usage-integers'],
  reads: 'counts',
  judge(answer) {
    const counts = countsOf(answer);
    if (counts === null) return undefined;
    const got = delivered(answer);
    const zeros = [
      ...(counts.prompt === 0 ? ['prompt'] : []),
      ...(counts.completion === 0 && got ? ['completion'] : []),
    ];
    if (zeros.length === 0) return pass();
    return broken({
      expected: got ? 'prompt ≥ 1 and, since something was delivered, completion ≥ 1' : 'prompt ≥ 1',
      class: 'zero',
      numbers: { prompt: counts.prompt, completion: counts.completion },
      detail: `${zeros.join(' and ')} (prompt ${counts.prompt}, completion ${counts.completion})`,
      frames: lastFrames(answer),
    });
  },
});
