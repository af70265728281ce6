import { blocked, broken, pass, unjudged } from '../model/finding.ts';
import { refusedByOption } from './stream-options-accepted.ts';
import { attemptCheck, BOTH } from './support/define-check.ts';
import { isOptional } from './support/server-view.ts';

/** Everything that is judged in a case hangs on this: a 2xx of the kind asked for, by the shape of its body. */
export default attemptCheck({
  id: 'request-answered',
  modes: BOTH,
  judge({ record, outcome }, view) {
    if (refusedByOption(record.id, outcome, view))
      return blocked('stream-options-accepted: the option was not accepted');
    switch (outcome.kind) {
      case 'stream':
      case 'whole':
        return pass();
      case 'refused':
        return blocked(`refused: ${outcome.reason}`);
      case 'unjudged':
        return unjudged(outcome.reason);
      case 'failed': {
        const dropped = outcome.status === null;
        if (dropped && !view.seen.served.has(record.id.api)) {
          return unjudged(outcome.observed);
        }
        return broken({
          expected:
            record.id.mode === 'stream'
              ? 'a 2xx with an event stream'
              : 'a 2xx with one JSON body that has choices',
          observed: outcome.observed,
          ...(isOptional(record.id) ? { mild: true as const } : {}),
        });
      }
    }
  },
});
