import { countsOf, forcedLength, lastFrames } from '../model/answer.ts';
import { broken, pass } from '../model/finding.ts';
import { ASKED, answerCheck, BOTH } from './support/define-check.ts';
import { missingChoices, wrongCompletions } from './support/wrong-counts.ts';

export default answerCheck({
  id: 'completion-within-limit',
  modes: BOTH,
  options: ASKED,
  classes: ['over'],
  needs: ['usage-integers', 'choices-indexed'],
  reads: 'counts',
  judge(answer, view) {
    const counts = countsOf(answer);
    if (counts === null || answer.limit === null || counts.each.length > 1) return undefined;
    const came = Math.max(1, answer.choices.length);
    const most = answer.limit.tokens * came;
    if (counts.completion <= most) return pass();
    return broken({
      expected: `at most ${most} completion tokens (${answer.limit.by} ${answer.limit.tokens}${came > 1 ? ` × ${came} choices` : ''})`,
      class: 'over',
      detail: [`${counts.completion} completion tokens`, missingChoices(answer) ?? []].flat().join('; '),
      numbers: { reported: counts.completion, most },
      hint: wrongCompletions(answer, view, forcedLength),
      frames: lastFrames(answer),
      mild: answer.limit.newer,
    });
  },
});
