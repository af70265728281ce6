import { broken, pass } from '../model/finding.ts';
import { ASKED, answerCheck, STREAM } from './support/define-check.ts';

export default answerCheck({
  id: 'usage-null-before',
  rule: 'usage-null-before',
  level: 'SHOULD',
  classes: ['absent'],
  modes: STREAM,
  options: ASKED,
  needs: ['usage-present'],
  reads: 'usage',
  judge(answer) {
    if (answer.kind !== 'stream') return undefined;
    const { usageAbsent, usageNull, frames } = answer.stream;
    if (usageAbsent === 0) return pass();
    return broken({
      expected: 'usage: null on all other chunks',
      class: 'absent',
      numbers: { absent: usageAbsent, chunks: usageAbsent + usageNull },
      detail: `${usageAbsent} of ${usageAbsent + usageNull} other chunks have no usage key`,
      frames: frames.slice(0, 1),
    });
  },
});
