import { countsOf, cutByLimit } from '../model/answer.ts';
import { broken, inapplicable, pass } from '../model/finding.ts';
import { BOTH, relationCheck } from './support/define-check.ts';
import { completionCountFails, LIMIT_CHECKS, promptCountMoves } from './support/distrusted-counts.ts';
import { NOT_COUNTED, ownAnswer, ownCounts } from './support/own-answer.ts';
import { sameLimit } from './support/same-counts.ts';
import { keyOf } from './support/server-view.ts';

export default relationCheck({
  id: 'choices-counted',
  classes: ['prompt', 'completion'],
  modes: BOTH,
  needs: ['usage-nonzero', 'choices-indexed'],
  consults: ['prompt-stable', ...LIMIT_CHECKS],
  scenarios: ['n2', 'short', 'repeat'],
  instances: (api, view) =>
    BOTH.map((mode) => {
      const [two, one] = [keyOf(api, mode, 'n2'), keyOf(api, mode, 'short')];
      return {
        filedAt: two,
        compares: [two, one],
        judge() {
          const both = view.answer(two);
          const ours = both && countsOf(both);
          if (!ours) return inapplicable('not answered with two choices');
          const single = ownAnswer(view, two, one);
          if ('verdict' in single) return single;
          const own = ownCounts(single);
          if (own === null) return inapplicable(NOT_COUNTED);
          const came = both.choices.length;
          if (came < 2) return inapplicable('one choice came: n was ignored');
          const frames =
            both.kind === 'stream' ? both.stream.usages.slice(-2).map((usage) => usage.frame) : [];
          if (!promptCountMoves(view, api, mode) && ours.prompt !== own.prompt) {
            const times = ours.prompt === own.prompt * came ? 'once per choice' : 'differently';
            return broken({
              expected: `${own.prompt} prompt tokens, counted once, as with one choice`,
              class: 'prompt',
              detail: `${ours.prompt} prompt tokens with ${came} choices (counted ${times})`,
              numbers: { reported: ours.prompt, expected: own.prompt },
              frames,
            });
          }
          if (
            completionCountFails(view, api, mode) ||
            !cutByLimit(both) ||
            !cutByLimit(single) ||
            !sameLimit(both, single)
          ) {
            return ours.prompt === own.prompt
              ? pass('the completion was not judged: not cut by the same limit, or found wrong alone')
              : inapplicable('not cut by the limit');
          }
          const due = own.completion * came;
          if (ours.completion === due) return pass();
          return broken({
            expected: `${due} completion tokens: ${came} choices of ${own.completion}`,
            class: 'completion',
            detail: `${ours.completion} completion tokens${ours.completion === own.completion ? ', as many as one choice' : ''}`,
            numbers: { reported: ours.completion, expected: due },
            frames,
          });
        },
      };
    }),
});
