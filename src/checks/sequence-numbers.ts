import { breachClasses } from '../model/breach.ts';
import { ASKED, answerCheck, STREAM } from './support/define-check.ts';
import { watched } from './support/watched.ts';

export default answerCheck({
  id: 'sequence-numbers',
  rule: 'sequence-numbers',
  level: 'SHOULD',
  catalogue: 2,
  classes: breachClasses['sequence-numbers'],
  modes: STREAM,
  options: ASKED,
  needs: ['event-json'],
  reads: 'events',
  judge: (answer) => watched(answer, 'sequence-numbers'),
});
