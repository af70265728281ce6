import { isCount, judgedUsage } from '../model/answer.ts';
import { broken, pass } from '../model/finding.ts';
import { ASKED, answerCheck, STREAM } from './support/define-check.ts';

export default answerCheck({
  id: 'usage-chunk-envelope',
  classes: ['absent', 'wrong'],
  modes: STREAM,
  options: ASKED,
  needs: ['usage-present'],
  reads: 'usage',
  judge(answer) {
    const usage = answer.kind === 'stream' ? judgedUsage(answer.stream) : null;
    const wanted = answer.api.chunkObject;
    if (usage === null || wanted === null) return undefined;
    const { object, created, model } = usage.envelope;
    const wrong = [
      ...(object === wanted ? [] : [{ name: 'object', value: object }]),
      ...(isCount(created) ? [] : [{ name: 'created', value: created }]),
      ...(typeof model === 'string' ? [] : [{ name: 'model', value: model }]),
    ];
    if (wrong.length === 0) return pass();
    return broken({
      expected: `object "${wanted}", an integer created and a model`,
      class: wrong.every(({ value }) => value === undefined) ? 'absent' : 'wrong',
      detail: wrong.map(({ name, value }) => `${name} is ${JSON.stringify(value) ?? 'absent'}`).join(', '),
      frames: [usage.frame],
    });
  },
});
