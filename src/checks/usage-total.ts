import { judgedUsage } from '../model/answer.ts';
import { broken, pass } from '../model/finding.ts';
import { ASKED, answerCheck, STREAM } from './support/define-check.ts';
import { wrongTotal } from './support/usage-faults.ts';

export default answerCheck({
  id: 'usage-total',
  modes: STREAM,
  options: ASKED,
  needs: ['usage-integers'],
  reads: 'counts',
  judge(answer) {
    const usage = answer.kind === 'stream' ? judgedUsage(answer.stream) : null;
    if (usage === null) return undefined;
    const wrong = wrongTotal(usage.counts);
    return wrong === null
      ? pass()
      : broken({ expected: 'total = prompt + completion', observed: `sum: ${wrong}`, frames: [usage.frame] });
  },
});
