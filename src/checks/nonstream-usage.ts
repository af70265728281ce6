import { broken, pass } from '../model/finding.ts';
import { answerCheck, NONSTREAM } from './support/define-check.ts';
import { classOfNumber, missingCounts, notIntegers, wrongTotal } from './support/usage-faults.ts';

/** Stands for usage-present, -complete, -integers and -total where there is no stream. */
export default answerCheck({
  id: 'nonstream-usage',
  modes: NONSTREAM,
  needs: ['request-answered'],
  reads: 'usage',
  judge(answer) {
    if (answer.kind !== 'whole') return undefined;
    const expected = 'a complete usage of integers that add up';
    if (answer.usage.kind !== 'value' || answer.counts === null) {
      const kind = answer.usage.kind === 'null' ? 'null' : 'absent';
      return broken({ expected, observed: `${kind}: the answer's usage is ${kind}` });
    }
    const lacking = missingCounts(answer.counts);
    if (lacking.length > 0) return broken({ expected, observed: `partial: ${lacking.join(', ')}` });
    const faults = notIntegers(answer.counts);
    if (faults.length > 0)
      return broken({ expected, observed: `${classOfNumber(faults)}: ${faults.join(', ')}` });
    const wrong = wrongTotal(answer.counts);
    return wrong === null ? pass() : broken({ expected, observed: `sum: ${wrong}` });
  },
});
