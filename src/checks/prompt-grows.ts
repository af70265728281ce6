import { countsOf } from '../model/answer.ts';
import { blocked, broken, inapplicable, pass } from '../model/finding.ts';
import { BOTH, relationCheck } from './support/define-check.ts';
import { promptCountMoves } from './support/distrusted-counts.ts';
import { keyOf, type ServerView } from './support/server-view.ts';

/**
 * Whether the longest prompt fits the context, by how the shorter ones were counted: to cut one that does not is legal.
 * A word is a token at least.
 */
function allFit(
  [short = 0, middle = 0]: readonly number[],
  [few = 0, more = 0, most = 0]: readonly number[],
  view: ServerView,
): boolean {
  const { context } = view.seen;
  if (context !== null && most > context) return false;
  // Where the shorter ones do not grow, either, the count says nothing about the window.
  if (middle <= short || more <= few) return true;
  return view.fits(middle + ((middle - short) / (more - few)) * (most - more));
}

/** Words of the prompt of a case. */
function wordsSent(view: ServerView, key: string): number {
  const state = view.seen.cases.get(key)?.state;
  return state?.kind === 'sent' && state.material.kind === 'plain' ? (state.material.words ?? 0) : 0;
}

export default relationCheck({
  id: 'prompt-grows',
  classes: ['constant', 'not-growing'],
  countsPrompts: true,
  modes: BOTH,
  needs: ['usage-nonzero'],
  consults: ['prompt-stable'],
  scenarios: ['grow-20', 'grow-80', 'grow-240', 'repeat'],
  instances: (api, view) =>
    BOTH.map((mode) => {
      const keys = (['grow-20', 'grow-80', 'grow-240'] as const).map((scenario) =>
        keyOf(api, mode, scenario),
      );
      return {
        filedAt: keyOf(api, mode, 'grow-240'),
        compares: keys,
        judge() {
          if (promptCountMoves(view, api, mode))
            return blocked('prompt-stable: the count depends on what was sent before');
          const counts = keys.map((key) => {
            const answer = view.answer(key);
            return answer === null ? null : countsOf(answer);
          });
          const prompts = counts.flatMap((count) => (count === null ? [] : [count.prompt]));
          if (prompts.length < 3) return inapplicable('not all three prompts were answered');
          const grows = prompts.every((count, at) => at === 0 || count > (prompts[at - 1] ?? 0));
          if (grows) return pass();
          const words = keys.map((key) => wordsSent(view, key));
          if (!allFit(prompts, words, view))
            return inapplicable('nothing proves that the context holds all three prompts');
          const sizes = words.join(', ');
          return broken({
            expected: 'a larger prompt count for a longer prompt',
            class: new Set(prompts).size === 1 ? 'constant' : 'not-growing',
            detail: `${prompts.join(', ')} prompt tokens for prompts of ${sizes} words`,
          });
        },
      };
    }),
});
