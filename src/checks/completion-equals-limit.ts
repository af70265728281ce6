import { countsOf, forcedLength, lastFrames } from '../model/answer.ts';
import { blocked, broken, inapplicable, passBy } from '../model/finding.ts';
import { FORCED_LENGTH } from '../references/forced.ts';
import { ASKED, answerCheck, BOTH } from './support/define-check.ts';
import { wrongCompletions } from './support/wrong-counts.ts';

export default answerCheck({
  id: 'completion-equals-limit',
  modes: BOTH,
  options: ASKED,
  needs: ['usage-nonzero'],
  reads: 'counts',
  judge(answer, view) {
    const counts = countsOf(answer);
    if (counts === null || answer.limit === null) return undefined;
    if (answer.limit.by === 'max_completion_tokens' && answer.id.api !== 'chat') return undefined;
    const [choice, ...more] = answer.choices;
    if (choice === undefined || more.length > 0)
      return inapplicable('several choices: choices-counted and list-prompts-counted judge');
    const finish = choice.finishes.at(-1);
    if (finish !== 'length')
      return inapplicable(`the limit was not judged: the answer ended with ${finish ?? 'no finish_reason'}`);
    const { tokens } = answer.limit;
    if (counts.completion > tokens) return blocked('over the limit: completion-within-limit judges it');
    if (!view.fits(counts.prompt + tokens)) {
      return inapplicable(
        view.seen.context === null
          ? 'the server states no context, and no answer proves that prompt and limit fit'
          : `prompt and limit do not fit the context of ${view.seen.context} tokens`,
      );
    }
    if (counts.completion === tokens) return passBy(FORCED_LENGTH);
    const observed = `fewer: ${counts.completion} completion tokens (${counts.completion - tokens})`;
    const alike = wrongCompletions(answer, view, forcedLength);
    return broken({
      expected: `${tokens} completion tokens: finish_reason is length and ${answer.limit.by} was ${tokens}`,
      observed,
      ...(alike === undefined ? {} : { message: `${observed}; ${alike}` }),
      reference: FORCED_LENGTH,
      frames: lastFrames(answer),
    });
  },
});
