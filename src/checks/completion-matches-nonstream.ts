import { type Answer, countsOf, someCutByLimit, usageFrames } from '../model/answer.ts';
import { broken, inapplicable, pass } from '../model/finding.ts';
import { relationCheck, STREAM } from './support/define-check.ts';
import { twinsOf } from './support/twins.ts';

/** Choices by index, each with what it delivered and how it ended. */
function delivery(answer: Answer): string {
  return answer.choices
    .map(({ index, digest, finishes }) => `${index}:${digest}:${JSON.stringify(finishes)}`)
    .sort()
    .join('|');
}

export default relationCheck({
  id: 'completion-matches-nonstream',
  classes: ['differs'],
  modes: STREAM,
  needs: ['usage-nonzero'],
  scenarios: 'all',
  instances: (api, view) =>
    twinsOf(api, view).map(({ stream, whole }) => ({
      filedAt: stream,
      compares: [stream, whole],
      judge() {
        const streamed = view.answer(stream);
        const plain = view.answer(whole);
        const ours = streamed && countsOf(streamed);
        const theirs = plain && countsOf(plain);
        if (!ours || !theirs) return inapplicable('not answered in both modes');
        const all = [...streamed.choices, ...plain.choices];
        if (someCutByLimit(streamed) || someCutByLimit(plain)) {
          return inapplicable('cut by the limit: completion-equals-limit judges it');
        }
        if (
          all.some((choice) => choice.reasoningLength > 0) ||
          (ours.reasoning ?? 0) + (theirs.reasoning ?? 0) > 0
        ) {
          return inapplicable('reasoning differs from call to call');
        }
        if (delivery(streamed) !== delivery(plain))
          return inapplicable('the two modes did not deliver the same answer');
        if (ours.completion === theirs.completion) return pass();
        return broken({
          expected: `${theirs.completion} completion tokens, as without streaming`,
          class: 'differs',
          detail: `${ours.completion} in the stream, ${theirs.completion} without, for the same answer`,
          numbers: { reported: ours.completion, expected: theirs.completion },
          frames: usageFrames(streamed),
        });
      },
    })),
});
