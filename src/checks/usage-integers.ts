import { judgedUsage } from './answer.ts';
import { ASKED, answerCheck, STREAM } from './define-check.ts';
import { broken, pass } from './finding.ts';
import { classOfNumber, notIntegers } from './usage-faults.ts';

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
