import { countsOf, cutByLimit, lastFrames } from '../model/answer.ts';
import { broken, inapplicable, pass } from '../model/finding.ts';
import { ASKED, answerCheck, BOTH } from './support/define-check.ts';

export default answerCheck({
  id: 'completion-matches-logprobs',
  level: 'SHOULD',
  catalogue: 2,
  classes: ['fewer', 'more'],
  modes: BOTH,
  options: ASKED,
  needs: ['usage-nonzero', 'choices-indexed'],
  reads: 'counts',
  judge(answer) {
    const counts = countsOf(answer);
    const [choice, ...others] = answer.choices;
    if (counts === null || choice === undefined || others.length > 0) return undefined;
    const { logprobs } = choice;
    if (logprobs === 0)
      return answer.id.scenario === 'logprobs' ? inapplicable('no log probabilities came') : undefined;
    if (choice.reasoningLength > 0 || choice.toolCalls !== '' || (counts.reasoning ?? 0) > 0)
      return inapplicable('log probabilities are those of the text, and there was more than text');
    const cut = cutByLimit(answer);
    if (!cut && answer.asked.stopStrings.length > 0)
      return inapplicable('the tokens of a stop string that is withheld may be counted or not');
    const { completion } = counts;
    // The end token: counted or not, with its log probability or without.
    if (Math.abs(completion - logprobs) <= (cut ? 0 : 1)) return pass();
    return broken({
      expected: `as many completion tokens as log probabilities came: ${logprobs}${cut ? '' : ', or one more or fewer for the end token'}`,
      class: completion < logprobs ? 'fewer' : 'more',
      detail: `${completion} completion tokens, log probabilities of ${logprobs}`,
      numbers: { reported: completion, expected: logprobs },
      frames: lastFrames(answer),
      // Which of the two is wrong cannot be told.
      mild: true,
    });
  },
});
