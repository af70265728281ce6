import { broken, pass } from '../model/finding.ts';
import { answerCheck, STREAM } from './support/define-check.ts';

export default answerCheck({
  id: 'usage-unrequested',
  classes: ['sent', 'late'],
  modes: STREAM,
  options: ['unasked', 'false', 'null', 'empty'],
  needs: ['request-answered'],
  reads: 'usage',
  judge(answer) {
    if (answer.kind !== 'stream') return undefined;
    const { usages, usageCount, afterEnd } = answer.stream;
    const expected = 'no usage, since it was not asked for';
    const first = usages.at(-1);
    if (first !== undefined) {
      return broken({
        class: 'sent',
        expected,
        detail: `${usageCount === 1 ? 'a chunk carries' : `${usageCount} chunks carry`} usage`,
        frames: [first.frame],
      });
    }
    const late = afterEnd.usages[0];
    if (late !== undefined) {
      return broken({
        class: 'late',
        expected,
        detail: 'usage came after the end of the stream',
        frames: [late.frame],
      });
    }
    return pass();
  },
});
