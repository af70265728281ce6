import { apiOf } from '../apis/index.ts';
import { breachesOf, countsOf, endOf } from '../model/answer.ts';
import { blocked, broken, inapplicable, pass } from '../model/finding.ts';
import { BOTH, relationCheck } from './support/define-check.ts';
import { keyOf } from './support/server-view.ts';

export default relationCheck({
  id: 'finish-reason-length',
  classes: ['stop', 'none', 'other'],
  modes: BOTH,
  needs: ['finish-once', 'usage-integers'],
  scenarios: ['text', 'short'],
  instances: (api, view) =>
    BOTH.map((mode) => {
      const keys = (['short', 'text'] as const).map((scenario) => keyOf(api, mode, scenario));
      return {
        filedAt: keyOf(api, mode, 'short'),
        compares: keys,
        judge() {
          const answers = keys.flatMap((key) => view.answer(key) ?? []);
          if (answers.length < 2) return inapplicable('not answered under both limits');
          const atLimit = answers.filter((answer) => countsOf(answer)?.completion === answer.limit?.tokens);
          const finishes = answers.map((answer) => answer.choices[0]?.finishes.at(-1));
          const ends = answers.map((answer) => endOf(answer, answer.choices[0]));
          if (ends.includes('limit')) return pass();
          if (ends.includes('truncated')) return inapplicable('the window was full');
          if (answers.some((answer) => breachesOf(answer, 'terminal-status').length > 0))
            return blocked('terminal-status: the answer contradicts itself about its end');
          if (atLimit.length < 2) return inapplicable('not cut under both limits');
          const { terms } = apiOf(api);
          const limits = answers.map(({ limit }) => limit?.tokens);
          return broken({
            expected: `${terms.finish} ${JSON.stringify(terms.limitFinish)} on an answer that used up its limit`,
            class: finishes[0] === undefined ? 'none' : ends[0] === 'stop' ? 'stop' : 'other',
            detail: `completion equals the limit of ${limits.join(' and of ')}, and both ended with ${finishes.map((finish) => JSON.stringify(finish) ?? 'none').join(' and ')}`,
            frames: answers[0]?.kind === 'stream' ? answers[0].stream.frames.slice(-3) : [],
          });
        },
      };
    }),
});
