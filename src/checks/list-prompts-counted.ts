import { type Answer, countsOf, cutByLimit } from '../model/answer.ts';
import { broken, inapplicable, pass } from '../model/finding.ts';
import { BOTH, relationCheck } from './support/define-check.ts';
import { completionCountFails, LIMIT_CHECKS, promptCountMoves } from './support/distrusted-counts.ts';
import { NOT_COUNTED, ownAnswer, ownCounts } from './support/own-answer.ts';
import { sameLimit } from './support/same-counts.ts';
import { keyOf } from './support/server-view.ts';

export default relationCheck({
  id: 'list-prompts-counted',
  classes: ['prompt', 'completion'],
  modes: BOTH,
  needs: ['usage-nonzero', 'choices-indexed'],
  consults: ['prompt-stable', 'prompt-grows', ...LIMIT_CHECKS],
  scenarios: ['list-prompts', 'grow-20', 'grow-80', 'grow-240', 'repeat'],
  instances: (api, view) =>
    BOTH.map((mode) => {
      const list = keyOf(api, mode, 'list-prompts');
      const parts = [keyOf(api, mode, 'grow-20'), keyOf(api, mode, 'grow-80')];
      return {
        filedAt: list,
        compares: [list, ...parts],
        judge() {
          const both = view.answer(list);
          const ours = both && countsOf(both);
          if (!ours) return inapplicable('not answered together');
          const alone: Answer[] = [];
          for (const key of parts) {
            const answer = ownAnswer(view, list, key);
            if ('verdict' in answer) return answer;
            alone.push(answer);
          }
          const own = alone.flatMap((answer) => ownCounts(answer) ?? []);
          if (own.length < alone.length) return inapplicable(NOT_COUNTED);
          const sum = (pick: 'prompt' | 'completion') =>
            own.reduce((total, counts) => total + counts[pick], 0);
          const frames =
            both.kind === 'stream' ? both.stream.usages.slice(-2).map((usage) => usage.frame) : [];
          const constant = view.found('prompt-grows', keyOf(api, mode, 'grow-240'))?.verdict === 'broken';
          const promptDue = !constant && !promptCountMoves(view, api, mode);
          if (promptDue && ours.prompt !== sum('prompt')) {
            return broken({
              expected: `${sum('prompt')} prompt tokens: ${own.map(({ prompt }) => prompt).join(' + ')} alone`,
              class: 'prompt',
              detail: `${ours.prompt} prompt tokens for both`,
              numbers: { reported: ours.prompt, expected: sum('prompt') },
              frames,
            });
          }
          const comparable = alone.every((answer) => cutByLimit(answer) && sameLimit(answer, both));
          if (completionCountFails(view, api, mode) || !cutByLimit(both) || !comparable) {
            return promptDue
              ? pass('the completion was not judged: not cut by the limit, or found wrong alone')
              : inapplicable('not cut by the limit');
          }
          if (ours.completion === sum('completion')) return pass();
          return broken({
            expected: `${sum('completion')} completion tokens: ${own.map(({ completion }) => completion).join(' + ')} alone`,
            class: 'completion',
            detail: `${ours.completion} completion tokens for both`,
            numbers: { reported: ours.completion, expected: sum('completion') },
            frames,
          });
        },
      };
    }),
});
