import { blocked, broken, hung, inapplicable, pass, unjudged } from '../model/finding.ts';
import { failureClasses } from '../model/outcome.ts';
import { attemptCheck, STREAM } from './support/define-check.ts';
import { hangsWhereAsked, refusedByOption, SENT, twinServed } from './support/usage-option.ts';

export default attemptCheck({
  id: 'stream-options-accepted',
  classes: ['refused', ...failureClasses],
  modes: STREAM,
  options: ['asked', 'false', 'null', 'empty'],
  scenarios: ['text'],
  judge({ record, outcome }, view) {
    if (!twinServed(record.id, view))
      return inapplicable('the same request without stream_options was not served');
    if (outcome.kind === 'unjudged') {
      const pattern = record.id.option === 'asked' ? hangsWhereAsked(record.id.api, view) : null;
      return pattern === null ? unjudged(outcome.reason) : hung(pattern);
    }
    if (view.seen.death?.caseKey === record.key) return blocked('server-survives: the server died');
    const refusal = refusedByOption(record.id, outcome, view);
    if (refusal !== null) {
      const expected = `stream_options ${SENT[record.id.option]} is served`;
      return refusal.kind === 'refused'
        ? broken({ class: 'refused', expected, detail: refusal.reason })
        : broken({ class: refusal.class, expected, detail: refusal.detail });
    }
    return outcome.kind === 'failed' ? blocked('request-answered: no answer of the kind asked for') : pass();
  },
});
