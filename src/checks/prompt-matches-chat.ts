import { apiOf } from '../apis/index.ts';
import { countsOf } from '../model/answer.ts';
import type { ApiId } from '../model/api.ts';
import { blocked, broken, inapplicable, pass } from '../model/finding.ts';
import { BOTH, relationCheck } from './support/define-check.ts';
import { promptDoubt } from './support/distrusted-counts.ts';
import { keyOf, type ServerView } from './support/server-view.ts';

/** What the text prompt counts in both modes; null where it was not answered in both. */
function promptsOf(api: ApiId, view: ServerView): readonly number[] | null {
  const counts = BOTH.flatMap((mode) => {
    const answer = view.answer(keyOf(api, mode, 'text'));
    return (answer && countsOf(answer)) ?? [];
  });
  return counts.length < BOTH.length ? null : counts.map(({ prompt }) => prompt);
}

export default relationCheck({
  id: 'prompt-matches-chat',
  level: 'SHOULD',
  catalogue: 2,
  classes: ['differs'],
  modes: BOTH,
  needs: ['usage-nonzero'],
  consults: ['prompt-stable'],
  countsPrompts: true,
  scenarios: ['text', 'repeat'],
  instances(api, view) {
    const twin = apiOf(api).rendersAs;
    if (twin === undefined) return [];
    const { title } = apiOf(twin);
    return BOTH.map((mode) => {
      const [own, other] = [keyOf(api, mode, 'text'), keyOf(twin, mode, 'text')];
      return {
        filedAt: own,
        compares: [own, other],
        judge() {
          const [ours, theirs] = [promptsOf(api, view), promptsOf(twin, view)];
          if (ours === null || theirs === null) return inapplicable(`not answered here and in ${title}`);
          const doubt = promptDoubt(view, api) ?? promptDoubt(view, twin);
          if (doubt !== null) return doubt;
          if (new Set(ours).size > 1 || new Set(theirs).size > 1)
            return blocked('prompt-matches-nonstream: the two modes count differently');
          const [reported = 0] = ours;
          const [expected = 0] = theirs;
          if (reported === expected) return pass();
          return broken({
            class: 'differs',
            expected: `${expected} prompt tokens, as in ${title}`,
            detail: `${reported} here, ${expected} in ${title}`,
            numbers: { reported, expected },
            mild: true,
          });
        },
      };
    });
  },
});
