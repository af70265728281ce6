import { judgedUsage } from '../model/answer.ts';
import { broken, pass } from '../model/finding.ts';
import { ASKED, answerCheck, BOTH } from './support/define-check.ts';

export default answerCheck({
  id: 'usage-plain-json',
  level: 'SHOULD',
  catalogue: 2,
  classes: ['repeated', 'not-plain'],
  modes: BOTH,
  options: ASKED,
  needs: ['usage-integers'],
  reads: 'usage',
  judge(answer) {
    const judged = answer.kind === 'stream' ? judgedUsage(answer.stream) : null;
    const text = answer.kind === 'stream' ? (judged?.text ?? null) : answer.usageText;
    if (text === null) return undefined;
    const frames = judged === null ? [] : [judged.frame];
    const { repeated, notPlain } = text;
    if (repeated.length > 0) {
      return broken({
        expected: 'no key twice beside the usage, in it, or in its details',
        class: 'repeated',
        detail: `${[...new Set(repeated)].join(', ')} stands twice`,
        frames,
      });
    }
    if (notPlain.length === 0) return pass();
    return broken({
      expected: 'counts written as plain integers',
      class: 'not-plain',
      detail: notPlain.map(([name, written]) => `${name} is written ${written}`).join(', '),
      frames,
    });
  },
});
