import type { CaseId } from '../model/case-id.ts';
import { caseKey } from '../model/case-id.ts';
import { blocked, broken, inapplicable, pass, unjudged } from '../model/finding.ts';
import type { Outcome } from '../model/outcome.ts';
import { attemptCheck, STREAM } from './support/define-check.ts';
import type { ServerView } from './support/server-view.ts';

const SENT: Partial<Record<CaseId['option'], string>> = {
  asked: '{"include_usage":true}',
  false: '{"include_usage":false}',
  null: 'null',
  empty: '{}',
};

/** Whether the same request without `stream_options` was served as a stream. */
function twinServed(id: CaseId, view: ServerView): boolean {
  const twin = view.answer(caseKey({ ...id, option: 'unasked' }));
  return twin !== null;
}

/** A refusal or server error that only comes with the option is this check's fault alone. */
export function refusedByOption(id: CaseId, outcome: Outcome, view: ServerView): boolean {
  if (id.scenario !== 'text' || id.mode !== 'stream' || SENT[id.option] === undefined) return false;
  if (!twinServed(id, view)) return false;
  if (outcome.kind === 'refused') return true;
  return outcome.kind === 'failed' && (outcome.status === null || outcome.status >= 400);
}

export default attemptCheck({
  id: 'stream-options-accepted',
  modes: STREAM,
  options: ['asked', 'false', 'null', 'empty'],
  scenarios: ['text'],
  judge({ record, outcome }, view) {
    if (!twinServed(record.id, view))
      return inapplicable('the same request without stream_options was not served');
    if (outcome.kind === 'unjudged') return unjudged(outcome.reason);
    if (view.seen.death?.caseKey === record.key) return blocked('server-survives: the server died');
    if (refusedByOption(record.id, outcome, view)) {
      const why =
        outcome.kind === 'refused'
          ? `refused: ${outcome.reason}`
          : outcome.kind === 'failed'
            ? outcome.observed
            : '';
      return broken({ expected: `stream_options ${SENT[record.id.option]} is served`, observed: why });
    }
    return outcome.kind === 'failed' ? blocked('request-answered: no answer of the kind asked for') : pass();
  },
});
