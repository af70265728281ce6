import { apiOf } from '../apis/index.ts';
import { blocked, broken, hung, observed, pass, unjudged } from '../model/finding.ts';
import { failureClasses } from '../model/outcome.ts';
import { attemptCheck, BOTH } from './support/define-check.ts';
import { isOptional } from './support/server-view.ts';
import { isPlain, streamsAreSilent } from './support/silent-streams.ts';
import { hangsWhereAsked, refusedByOption } from './support/usage-option.ts';

const STREAMS = { sse: 'an event stream', ndjson: 'lines of JSON' } as const;

/** A 2xx of the kind that was asked for, by the shape of its body. Most other checks of a case need this one. */
export default attemptCheck({
  id: 'request-answered',
  classes: failureClasses,
  modes: BOTH,
  judge({ record, outcome }, view) {
    if (refusedByOption(record.id, outcome, view) !== null)
      return blocked('stream-options-accepted: the option was not accepted');
    switch (outcome.kind) {
      case 'stream':
        if (!isPlain(record.id) || !streamsAreSilent(record.id.api, view)) return pass();
        return broken({
          expected: 'a stream that delivers text, as the same request without streaming does',
          class: 'empty',
          detail: 'nothing delivered',
        });
      case 'whole':
        return pass();
      case 'refused':
        return blocked(`refused: ${outcome.reason}`);
      case 'unjudged': {
        const isFirst = record.id.option === 'asked' && record.id.scenario === 'text';
        const pattern = isFirst ? hangsWhereAsked(record.id.api, view) : null;
        return pattern === null ? unjudged(outcome.reason) : hung(pattern);
      }
      case 'failed': {
        const { framing, terms } = apiOf(record.id.api);
        if (outcome.class === 'dropped' && !view.seen.served.has(record.id.api))
          return unjudged(observed(outcome));
        return broken({
          expected:
            record.id.mode === 'stream'
              ? `a 2xx with ${STREAMS[framing]}`
              : `a 2xx with one JSON body that has ${terms.whole}`,
          class: outcome.class,
          detail: outcome.detail,
          mild: isOptional(record.id),
        });
      }
    }
  },
});
