import { breachClasses } from '../model/breach.ts';
import { ASKED, answerCheck, STREAM } from './support/define-check.ts';
import { watched } from './support/watched.ts';

export default answerCheck({
  id: 'event-names',
  rule: 'event-names',
  catalogue: 2,
  classes: breachClasses['event-names'],
  modes: STREAM,
  options: ASKED,
  needs: ['request-answered'],
  reads: 'events',
  judge: (answer) => watched(answer, 'event-names'),
});
