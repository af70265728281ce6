import { countsOf, forcedLength, lastFrames } from '../model/answer.ts';
import { broken, pass } from '../model/finding.ts';
import { ASKED, answerCheck, BOTH } from './support/define-check.ts';
import { wrongCompletions } from './support/wrong-counts.ts';

export default answerCheck({
  id: 'completion-within-limit',
  modes: BOTH,
  options: ASKED,
  needs: ['usage-integers', 'choices-indexed'],
  reads: 'counts',
  judge(answer, view) {
    const counts = countsOf(answer);
    if (counts === null || answer.limit === null) return undefined;
    if (answer.limit.by === 'max_completion_tokens' && answer.id.api !== 'chat') return undefined;
    const came = Math.max(1, answer.choices.length);
    const most = answer.limit.tokens * came;
    if (counts.completion <= most) return pass();
    const observed = `over: ${counts.completion} completion tokens`;
    const alike = wrongCompletions(answer, view, forcedLength);
    return broken({
      expected: `at most ${most} completion tokens (${answer.limit.by} ${answer.limit.tokens}${came > 1 ? ` × ${came} choices` : ''})`,
      observed,
      ...(alike === undefined ? {} : { message: `${observed}; ${alike}` }),
      frames: lastFrames(answer),
      ...(answer.limit.by === 'max_completion_tokens' ? { mild: true as const } : {}),
    });
  },
});
