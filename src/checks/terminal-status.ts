import { breachClasses } from '../model/breach.ts';
import { ASKED, answerCheck, BOTH } from './support/define-check.ts';
import { watched } from './support/watched.ts';

export default answerCheck({
  id: 'terminal-status',
  rule: 'terminal-status',
  catalogue: 2,
  classes: breachClasses['terminal-status'],
  modes: BOTH,
  options: ASKED,
  needs: ['request-answered', 'stream-end'],
  reads: 'finish',
  judge: (answer) => watched(answer, 'terminal-status'),
});
