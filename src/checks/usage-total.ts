import { judgedUsage } from '../model/answer.ts';
import { broken, pass } from '../model/finding.ts';
import { ASKED, answerCheck, STREAM } from './support/define-check.ts';
import { wrongTotal } from './support/usage-faults.ts';

export default answerCheck({
  id: 'usage-total',
  classes: ['sum'],
  modes: STREAM,
  options: ASKED,
  needs: ['usage-integers'],
  reads: 'counts',
  judge(answer) {
    const usage = answer.kind === 'stream' ? judgedUsage(answer.stream) : null;
    if (usage === null || answer.api.terms.total === null) return undefined;
    const wrong = wrongTotal(usage.counts, answer.api.terms.total);
    return wrong === null
      ? pass()
      : broken({ class: 'sum', expected: 'total = prompt + completion', ...wrong, frames: [usage.frame] });
  },
});
