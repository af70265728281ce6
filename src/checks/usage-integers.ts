import { judgedUsage } from '../model/answer.ts';
import { broken, pass } from '../model/finding.ts';
import { ASKED, answerCheck, STREAM } from './support/define-check.ts';
import { classOfValue, inWords, NO_COUNT, notIntegers } from './support/usage-faults.ts';

export default answerCheck({
  id: 'usage-integers',
  classes: NO_COUNT,
  modes: STREAM,
  options: ASKED,
  needs: ['usage-complete'],
  reads: 'usage',
  judge(answer) {
    const usage = answer.kind === 'stream' ? judgedUsage(answer.stream) : null;
    if (usage === null) return undefined;
    const faults = notIntegers(usage.counts);
    const [first] = faults;
    if (first === undefined) return pass();
    return broken({
      expected: 'integers from 0 to 2^53',
      class: classOfValue(first.value),
      detail: inWords(faults),
      frames: [usage.frame],
    });
  },
});
