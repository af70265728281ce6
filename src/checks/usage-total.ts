import { judgedUsage } from './answer.ts';
import { ASKED, answerCheck, STREAM } from './define-check.ts';
import { broken, pass } from './finding.ts';
import { wrongTotal } from './usage-faults.ts';

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
