import { judgedUsage } from '../model/answer.ts';
import { blocked, broken, inapplicable, pass } from '../model/finding.ts';
import { ASKED, answerCheck, STREAM } from './support/define-check.ts';

export default answerCheck({
  id: 'usage-chunk-id',
  rule: 'usage-chunk-id',
  classes: ['absent', 'empty', 'no-id', 'differs'],
  modes: STREAM,
  options: ASKED,
  needs: ['usage-present'],
  reads: 'usage',
  judge(answer) {
    if (answer.kind !== 'stream') return undefined;
    const usage = judgedUsage(answer.stream);
    const first = answer.stream.firstEnvelope;
    if (usage === null) return undefined;
    if (first === null) return inapplicable('no chunk with choices came');
    const id = usage.envelope.id;
    if (id === undefined && answer.api.envelope.some(({ name }) => name === 'id'))
      return blocked('usage-chunk-envelope: there is no id');
    if (typeof id === 'string' && id !== '' && id === first.id) return pass();
    return broken({
      expected: `the stream's id ${JSON.stringify(first.id) ?? '(none)'}`,
      class: id === undefined ? 'absent' : id === '' ? 'empty' : id === first.id ? 'no-id' : 'differs',
      detail: `the chunk with usage has ${id === undefined ? 'no id' : `id ${JSON.stringify(id)}`}`,
      frames: [...answer.stream.frames.slice(0, 1), usage.frame],
    });
  },
});
