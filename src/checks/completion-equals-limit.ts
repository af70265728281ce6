import { countsOf, endOf, forcedLength, lastFrames } from '../model/answer.ts';
import { blocked, broken, inapplicable, passBy } from '../model/finding.ts';
import { FORCED_LENGTH } from '../references/forced.ts';
import { ASKED, answerCheck, BOTH } from './support/define-check.ts';
import { missingChoices, wrongCompletions } from './support/wrong-counts.ts';

export default answerCheck({
  id: 'completion-equals-limit',
  modes: BOTH,
  options: ASKED,
  classes: ['fewer'],
  needs: ['usage-nonzero', 'finish-once'],
  reads: 'counts',
  judge(answer, view) {
    const counts = countsOf(answer);
    if (counts === null || answer.limit === null) return undefined;
    const { terms } = answer.api;
    const [choice, ...more] = answer.choices;
    if (choice === undefined || more.length > 0)
      return inapplicable('several choices: choices-counted and list-prompts-counted judge');
    const finish = JSON.stringify(choice.finishes.at(-1)) ?? `no ${terms.finish}`;
    if (endOf(answer, choice) !== 'limit')
      return inapplicable(`the limit was not judged: the answer ended with ${finish}`);
    const { tokens } = answer.limit;
    if (counts.completion > tokens) return blocked('over the limit: completion-within-limit judges it');
    if (counts.completion === tokens) return passBy(FORCED_LENGTH);
    // It is less than prompt and limit by itself, so what proves the window is another answer.
    if (!view.provesWindow(counts.prompt + tokens)) {
      return inapplicable(
        `${counts.completion} completion tokens, ${tokens} allowed: no other answer proves a window of ${counts.prompt + tokens} tokens, and one that is full ends so, too`,
      );
    }
    return broken({
      expected: `${tokens} completion tokens: ${terms.finish} is ${finish} and ${answer.limit.by} was ${tokens}`,
      class: 'fewer',
      detail: `${counts.completion} completion tokens (${counts.completion - tokens})`,
      numbers: { reported: counts.completion, expected: tokens },
      hint: missingChoices(answer) ?? wrongCompletions(answer, view, forcedLength),
      reference: FORCED_LENGTH,
      frames: lastFrames(answer),
    });
  },
});
