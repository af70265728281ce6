import { apiOf } from '../apis/index.ts';
import { type Answer, lastFrames } from '../model/answer.ts';
import type { StopTerms } from '../model/api.ts';
import { broken, type Finding, inapplicable, pass } from '../model/finding.ts';
import { BOTH, relationCheck } from './support/define-check.ts';
import { keyOf } from './support/server-view.ts';

const CLASSES = ['ignored', 'finish', 'unnamed', 'other'] as const;

function judgeStop(stopped: Answer, plain: Answer, terms: StopTerms): Finding<(typeof CLASSES)[number]> {
  const [string] = stopped.asked.stopStrings;
  const [choice] = stopped.choices;
  if (string === undefined || choice === undefined) return inapplicable('no answer to a stop string came');
  const { finish, field } = terms;
  const named = JSON.stringify(string);
  const fault = (cls: (typeof CLASSES)[number], detail: string) =>
    broken({
      class: cls,
      expected: `${finish}${field === null ? '' : ` with ${field} ${named}`} where the stop string ended the answer`,
      detail,
      frames: lastFrames(stopped, 2),
    });
  if (choice.text.includes(string)) return fault('ignored', `the answer contains ${named}`);
  if (!(plain.choices[0]?.text ?? '').startsWith(choice.text + string))
    return inapplicable('nothing proves that the stop string ended the answer');
  const said = choice.finishes.at(-1);
  if (said !== finish)
    return fault('finish', `${stopped.api.terms.finish} is ${JSON.stringify(said) ?? 'absent'}`);
  const { stoppedBy } = choice;
  if (field === null || stoppedBy === string) return pass();
  if (stoppedBy !== null) return fault('other', `${field} is ${JSON.stringify(stoppedBy)}`);
  return terms.required ? fault('unnamed', `${field} is no string`) : pass();
}

export default relationCheck({
  id: 'stop-named',
  level: 'SHOULD',
  catalogue: 2,
  classes: CLASSES,
  modes: BOTH,
  needs: ['finish-once'],
  scenarios: ['stop', 'text'],
  instances(api, view) {
    const { stopped: terms } = apiOf(api).terms;
    if (terms === undefined) return [];
    return BOTH.map((mode) => {
      const [stop, text] = [keyOf(api, mode, 'stop'), keyOf(api, mode, 'text')];
      return {
        filedAt: stop,
        compares: [stop, text],
        judge() {
          const [stopped, plain] = [view.answer(stop), view.answer(text)];
          if (stopped === null || plain === null)
            return inapplicable('not answered with and without the stop string');
          return judgeStop(stopped, plain, terms);
        },
      };
    });
  },
});
