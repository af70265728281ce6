import { judgedUsage } from '../model/answer.ts';
import { broken, pass } from '../model/finding.ts';
import { ASKED, answerCheck, STREAM } from './support/define-check.ts';
import { watched } from './support/watched.ts';

export default answerCheck({
  id: 'usage-last',
  rule: 'usage-last',
  classes: ['before-finish', 'followed'],
  modes: STREAM,
  options: ASKED,
  needs: ['usage-present'],
  reads: 'usage',
  judge(answer) {
    if (answer.kind !== 'stream') return undefined;
    if (answer.api.watches?.has('usage-last')) return watched(answer, 'usage-last');
    const { stream } = answer;
    const usage = judgedUsage(stream);
    if (usage === null) return undefined;
    const expected = 'usage in the last event before the end';
    const { lastChunk, lastFinish } = stream;
    if (lastFinish !== null && lastFinish.index > usage.frame.index) {
      return broken({
        expected,
        class: 'before-finish',
        detail: `a ${answer.api.terms.finish} came after the usage`,
        frames: [usage.frame, lastFinish],
      });
    }
    if (lastChunk !== null && lastChunk.index > usage.frame.index) {
      return broken({
        expected,
        class: 'followed',
        detail: `events came after the usage (${lastChunk.index - usage.frame.index}x)`,
        frames: [usage.frame, lastChunk],
      });
    }
    return pass();
  },
});
