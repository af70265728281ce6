import { judgedUsage } from '../model/answer.ts';
import { broken, pass } from '../model/finding.ts';
import { ASKED, answerCheck, STREAM } from './support/define-check.ts';
import { inWords, missingCounts } from './support/usage-faults.ts';

export default answerCheck({
  id: 'usage-complete',
  classes: ['partial'],
  modes: STREAM,
  options: ASKED,
  needs: ['usage-present'],
  reads: 'usage',
  judge(answer) {
    const usage = answer.kind === 'stream' ? judgedUsage(answer.stream) : null;
    if (usage === null) return undefined;
    const lacking = missingCounts(usage.counts);
    if (lacking.length === 0) return pass();
    return broken({
      expected: answer.api.terms.counts,
      class: 'partial',
      detail: inWords(lacking),
      frames: [usage.frame],
    });
  },
});
