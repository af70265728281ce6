import { type Answer, type Counts, countsOf, cutByLimit } from '../model/answer.ts';
import type { Frame } from '../model/exchange.ts';
import { broken, inapplicable, pass } from '../model/finding.ts';
import { BOTH, relationCheck } from './support/define-check.ts';
import { completionCountFails, LIMIT_CHECKS, promptCountMoves } from './support/distrusted-counts.ts';
import { NOT_COUNTED, ownAnswer, ownCounts } from './support/own-answer.ts';
import { sameLimit } from './support/same-counts.ts';
import { keyOf } from './support/server-view.ts';

type Count = Pick<Counts, 'prompt' | 'completion'>;

/** What was counted alone beside what was counted together: prompt by prompt, or all of them in one sum. */
interface Pair {
  readonly where: string;
  readonly alone: readonly Count[];
  readonly together: Count;
}

function pairsOf(own: readonly Count[], ours: Counts): readonly Pair[] {
  const { each } = ours;
  if (each.length === 0) return [{ where: 'for both', alone: own, together: ours }];
  return own.flatMap((alone, at) => {
    const together = each[at];
    return together === undefined ? [] : [{ where: `for prompt ${at}`, alone: [alone], together }];
  });
}

function differing(pairs: readonly Pair[], what: 'prompt' | 'completion', frames: readonly Frame[]) {
  for (const { where, alone, together } of pairs) {
    const counts = alone.map((one) => one[what]);
    const expected = counts.reduce((sum, count) => sum + count, 0);
    const reported = together[what];
    if (reported === expected) continue;
    return broken({
      expected: `${expected} ${what} tokens: ${counts.join(' + ')} alone`,
      class: what,
      detail: `${reported} ${what} tokens ${where}`,
      numbers: { reported, expected },
      frames,
    });
  }
  return null;
}

export default relationCheck({
  id: 'list-prompts-counted',
  classes: ['prompt', 'completion'],
  modes: BOTH,
  needs: ['usage-nonzero', 'choices-indexed'],
  consults: ['prompt-stable', 'prompt-grows', ...LIMIT_CHECKS],
  countsPrompts: true,
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
          const each = pairsOf(own, ours);
          if (ours.each.length > 0 && each.length < own.length)
            return inapplicable('not every prompt has a count of its own');
          const frames =
            both.kind === 'stream' ? both.stream.usages.slice(-2).map((usage) => usage.frame) : [];
          const constant = view.found('prompt-grows', keyOf(api, mode, 'grow-240'))?.verdict === 'broken';
          const promptDue = !constant && !promptCountMoves(view, api, mode);
          const differs = (what: 'prompt' | 'completion') => differing(each, what, frames);
          const prompt = promptDue ? differs('prompt') : null;
          if (prompt !== null) return prompt;
          // mlx-lm 0.28.3 joins the prompts into one: one answer counts true, and is none to compare with two.
          const answered = ours.each.length > 0 || both.choices.length === parts.length;
          const comparable =
            answered && alone.every((answer) => cutByLimit(answer) && sameLimit(answer, both));
          if (completionCountFails(view, api, mode) || !cutByLimit(both) || !comparable) {
            return promptDue
              ? pass('the completion was not judged: not cut by the limit, or found wrong alone')
              : inapplicable('not cut by the limit');
          }
          return differs('completion') ?? pass();
        },
      };
    }),
});
