import { countsOf, lastFrames } from './answer.ts';
import { ASKED, answerCheck, BOTH } from './define-check.ts';
import { broken, pass } from './finding.ts';

export default answerCheck({
  id: 'completion-within-limit',
  modes: BOTH,
  options: ASKED,
  needs: ['usage-integers', 'choices-indexed'],
  reads: 'counts',
  judge(answer) {
    const counts = countsOf(answer);
    if (counts === null || answer.limit === null) return undefined;
    if (answer.limit.by === 'max_completion_tokens' && answer.id.api !== 'chat') return undefined;
    const came = Math.max(1, answer.choices.length);
    const most = answer.limit.tokens * came;
    if (counts.completion <= most) return pass();
    return broken({
      expected: `at most ${most} completion tokens (${answer.limit.by} ${answer.limit.tokens}${came > 1 ? ` × ${came} choices` : ''})`,
      observed: `over: ${counts.completion} completion tokens`,
      frames: lastFrames(answer),
      ...(answer.limit.by === 'max_completion_tokens' ? { mild: true as const } : {}),
    });
  },
});
