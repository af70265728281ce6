import { breachClasses } from '../model/breach.ts';
import { ASKED, answerCheck, BOTH } from './support/define-check.ts';
import { watched } from './support/watched.ts';

export default answerCheck({
  id: 'usage-consistent',
  rule: 'usage-consistent',
  classes: breachClasses['usage-consistent'],
  modes: BOTH,
  options: ASKED,
  needs: ['usage-integers'],
  reads: 'counts',
  judge: (answer) => watched(answer, 'usage-consistent'),
});
