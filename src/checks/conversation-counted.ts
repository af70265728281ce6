import { type Answer, countsOf, hasErred, usageFrames } from '../model/answer.ts';
import type { ApiId, Mode } from '../model/api.ts';
import { blocked, broken, inapplicable, pass, type Skip } from '../model/finding.ts';
import type { CaseRecord } from '../model/observations.ts';
import { BOTH, relationCheck } from './support/define-check.ts';
import { promptDoubt } from './support/distrusted-counts.ts';
import { sameLimit } from './support/same-counts.ts';
import { keyOf, type ServerView } from './support/server-view.ts';

export default relationCheck({
  id: 'conversation-counted',
  level: 'SHOULD',
  catalogue: 2,
  classes: ['lost'],
  modes: BOTH,
  needs: ['usage-nonzero'],
  consults: ['prompt-grows', 'prompt-stable'],
  countsPrompts: true,
  scenarios: ['conversation', 'grow-20', 'grow-80', 'grow-240', 'repeat'],
  instances: (api, view) =>
    BOTH.map((mode) => {
      const key = keyOf(api, mode, 'conversation');
      return {
        filedAt: key,
        compares: [key],
        judge() {
          const doubt = doubtOf(api, mode, view);
          if (doubt !== null) return doubt;
          const [, warm] = view.attempts(key);
          const own = warm?.answer ?? null;
          const counts = own && countsOf(own);
          if (!own || !counts) return inapplicable('the conversation was not answered twice');
          const parts = warm === undefined ? [] : countsOfParts(warm.record, own, view);
          if (parts.length === 0) return inapplicable('its last message alone was not answered and counted');
          // Each is enough: the same template made it.
          const least = Math.min(...parts);
          if (counts.prompt > least) return pass();
          return broken({
            expected: `more than ${least} prompt tokens, which its last message has alone`,
            class: 'lost',
            detail: `${counts.prompt} prompt tokens for the whole conversation`,
            numbers: { reported: counts.prompt, alone: least },
            frames: usageFrames(own),
          });
        },
      };
    }),
});

/** Why prompt counts prove nothing; null where they do. */
function doubtOf(api: ApiId, mode: Mode, view: ServerView<'prompt-grows' | 'prompt-stable'>): Skip | null {
  const doubt = promptDoubt(view, api);
  if (doubt !== null) return doubt;
  const grows = view.found('prompt-grows', keyOf(api, mode, 'grow-240'));
  if (grows?.verdict === 'broken') return blocked('prompt-grows: the count does not grow with the prompt');
  if (grows?.verdict === 'error' || (grows?.verdict === 'skip' && grows.blocked))
    return blocked(`prompt-grows: was not judged (${grows.reason})`);
  return null;
}

/** Prompt counts of the last message without the conversation, warm; none where one of them was not to be had. */
function countsOfParts({ id, state }: CaseRecord, own: Answer, view: ServerView): readonly number[] {
  const compared = state.kind === 'sent' && state.material.kind === 'plain' ? state.material.compared : [];
  const counted = (compared ?? []).map(({ second }) => {
    const { answer } = view.read(second, id);
    const counts = answer && countsOf(answer);
    if (!counts || hasErred(answer) || !sameLimit(answer, own)) return 0;
    return counts.completion > 0 ? counts.prompt : 0;
  });
  return counted.includes(0) ? [] : counted;
}
