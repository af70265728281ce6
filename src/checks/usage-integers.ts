import { judgedUsage } from '../model/answer.ts';
import { broken, pass } from '../model/finding.ts';
import { ASKED, answerCheck, STREAM } from './support/define-check.ts';
import { classOfNumber, notIntegers } from './support/usage-faults.ts';

export default answerCheck({
  id: 'usage-integers',
  modes: STREAM,
  options: ASKED,
  needs: ['usage-complete'],
  reads: 'usage',
  judge(answer) {
    const usage = answer.kind === 'stream' ? judgedUsage(answer.stream) : null;
    if (usage === null) return undefined;
    const faults = notIntegers(usage.counts);
    if (faults.length === 0) return pass();
    return broken({
      expected: 'integers from 0 to 2^53',
      observed: `${classOfNumber(faults)}: ${faults.join(', ')}`,
      frames: [usage.frame],
    });
  },
});
