import { type Answer, type Counts, countsOf, delivered, lastFrames } from '../model/answer.ts';
import { broken, pass } from '../model/finding.ts';
import { ASKED, answerCheck, BOTH } from './support/define-check.ts';

/** Where each prompt has counts of its own. */
function zerosOfEach({ choices }: Answer, { each }: Counts): readonly string[] {
  return each.flatMap(({ prompt, completion }, at) => {
    const got = choices.some(({ index, deltas }) => index === at && deltas > 0);
    return [
      ...(prompt === 0 ? [`prompt ${at}`] : []),
      ...(completion === 0 && got ? [`completion ${at}`] : []),
    ];
  });
}

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
      ...zerosOfEach(answer, counts),
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
