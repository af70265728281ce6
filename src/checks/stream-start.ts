import { breachClasses } from '../model/breach.ts';
import { ASKED, answerCheck, STREAM } from './support/define-check.ts';
import { watched } from './support/watched.ts';

export default answerCheck({
  id: 'stream-start',
  rule: 'stream-start',
  catalogue: 2,
  classes: breachClasses['stream-start'],
  modes: STREAM,
  options: ASKED,
  needs: ['request-answered'],
  reads: 'events',
  judge: (answer) => watched(answer, 'stream-start'),
});
