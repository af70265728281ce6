import { countsOf } from '../model/answer.ts';
import { broken, inapplicable, pass } from '../model/finding.ts';
import { relationCheck } from './support/define-check.ts';
import { keyOf } from './support/server-view.ts';

export default relationCheck({
  id: 'finish-reason-length',
  needs: ['finish-once', 'usage-integers'],
  scenarios: ['text', 'short'],
  instances: (api, view) =>
    (['stream', 'nonstream'] as const).map((mode) => {
      const keys = (['short', 'text'] as const).map((scenario) => keyOf(api, mode, scenario));
      return {
        filedAt: keyOf(api, mode, 'short'),
        compares: keys,
        judge() {
          const answers = keys.flatMap((key) => view.answer(key) ?? []);
          if (answers.length < 2) return inapplicable('not answered under both limits');
          const atLimit = answers.filter((answer) => countsOf(answer)?.completion === answer.limit?.tokens);
          const finishes = answers.map((answer) => answer.choices[0]?.finishes.at(-1));
          if (finishes.some((finish) => finish === 'length')) return pass();
          if (atLimit.length < 2) return inapplicable('not cut under both limits');
          return broken({
            expected: 'finish_reason length on an answer that used up its limit',
            observed: `${finishes[0]}: completion equals the limit of 8 and of 16, and both ended with ${finishes.join(' and ')}`,
            frames: answers[0]?.kind === 'stream' ? answers[0].stream.frames.slice(-3) : [],
          });
        },
      };
    }),
});
