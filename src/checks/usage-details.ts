import { breachClasses } from '../model/breach.ts';
import { ASKED, answerCheck, BOTH } from './support/define-check.ts';
import { watched } from './support/watched.ts';

export default answerCheck({
  id: 'usage-details',
  rule: 'usage-details',
  level: 'SHOULD',
  catalogue: 2,
  classes: breachClasses['usage-details'],
  modes: BOTH,
  options: ASKED,
  needs: ['usage-complete'],
  reads: 'usage',
  judge: (answer) => watched(answer, 'usage-details'),
});
