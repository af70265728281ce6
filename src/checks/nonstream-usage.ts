import { broken, pass } from '../model/finding.ts';
import { answerCheck, NONSTREAM } from './support/define-check.ts';
import {
  classOfValue,
  inWords,
  missingCounts,
  NO_COUNT,
  notIntegers,
  wrongTotal,
} from './support/usage-faults.ts';

export default answerCheck({
  id: 'nonstream-usage',
  classes: ['null', 'absent', 'partial', ...NO_COUNT, 'sum'],
  modes: NONSTREAM,
  needs: ['request-answered'],
  standsFor: ['usage-present', 'usage-complete', 'usage-integers', 'usage-total'],
  reads: 'usage',
  judge(answer) {
    if (answer.kind !== 'whole') return undefined;
    const expected = 'a complete usage of integers that add up';
    if (answer.unfinished !== null) return broken({ class: 'absent', expected, detail: answer.unfinished });
    if (answer.usage.kind !== 'value' || answer.counts === null) {
      const kind = answer.usage.kind === 'null' ? 'null' : 'absent';
      return broken({ class: kind, expected, detail: `the answer's usage is ${kind}` });
    }
    const lacking = missingCounts(answer.counts);
    if (lacking.length > 0) return broken({ class: 'partial', expected, detail: inWords(lacking) });
    const faults = notIntegers(answer.counts);
    const [first] = faults;
    if (first !== undefined)
      return broken({ class: classOfValue(first.value), expected, detail: inWords(faults) });
    const wrong = wrongTotal(answer.counts, answer.api.terms.total);
    return wrong === null ? pass() : broken({ class: 'sum', expected, ...wrong });
  },
});
