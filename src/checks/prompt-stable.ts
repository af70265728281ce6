import { countsOf } from '../model/answer.ts';
import { broken, inapplicable, pass } from '../model/finding.ts';
import { BOTH, relationCheck } from './support/define-check.ts';
import { keyOf } from './support/server-view.ts';

export default relationCheck({
  id: 'prompt-stable',
  classes: ['changed'],
  countsPrompts: true,
  modes: BOTH,
  needs: ['usage-nonzero'],
  scenarios: ['repeat'],
  instances: (api, view) =>
    BOTH.map((mode) => {
      const key = keyOf(api, mode, 'repeat');
      return {
        filedAt: key,
        compares: [key],
        judge() {
          const [cold, warm] = view.attempts(key).map(({ answer }) => answer);
          const first = cold ? countsOf(cold) : null;
          const again = warm ? countsOf(warm) : null;
          if (!cold || !warm || first === null || again === null)
            return inapplicable('the prompt was not answered twice');
          if (first.prompt === again.prompt) return pass();
          return broken({
            expected: `${first.prompt} prompt tokens, as when the prompt was new`,
            class: 'changed',
            numbers: { reported: again.prompt, expected: first.prompt },
            detail: `${first.prompt} when new, ${again.prompt} when sent again`,
          });
        },
      };
    }),
});
