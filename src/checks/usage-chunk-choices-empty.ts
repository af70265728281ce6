import { judgedUsage } from '../model/answer.ts';
import { broken, pass } from '../model/finding.ts';
import { ASKED, answerCheck, STREAM } from './support/define-check.ts';

const WORDS = { 'non-empty': 'not empty', 'not-a-list': 'no list', absent: 'absent', null: 'null' } as const;

export default answerCheck({
  id: 'usage-chunk-choices-empty',
  rule: 'usage-chunk-choices-empty',
  classes: ['non-empty', 'not-a-list', 'absent', 'null'],
  modes: STREAM,
  options: ASKED,
  needs: ['usage-present'],
  reads: 'usage',
  judge(answer) {
    const usage = answer.kind === 'stream' ? judgedUsage(answer.stream) : null;
    if (usage === null) return undefined;
    if (usage.choices === 'empty') return pass();
    return broken({
      expected: 'choices: [] on the chunk with usage',
      class: usage.choices,
      detail: `choices is ${WORDS[usage.choices]}`,
      frames: [usage.frame],
    });
  },
});
