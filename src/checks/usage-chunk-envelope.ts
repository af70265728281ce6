import { isCount, judgedUsage } from '../model/answer.ts';
import { broken, pass } from '../model/finding.ts';
import { ASKED, answerCheck, STREAM } from './support/define-check.ts';

export default answerCheck({
  id: 'usage-chunk-envelope',
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
      ...(object === wanted ? [] : [`object is ${JSON.stringify(object) ?? 'absent'}`]),
      ...(isCount(created) ? [] : [`created is ${JSON.stringify(created) ?? 'absent'}`]),
      ...(typeof model === 'string' ? [] : [`model is ${JSON.stringify(model) ?? 'absent'}`]),
    ];
    if (wrong.length === 0) return pass();
    const word = wrong.every((fault) => fault.endsWith('absent')) ? 'absent' : 'wrong';
    return broken({
      expected: `object "${wanted}", an integer created and a model`,
      observed: `${word}: ${wrong.join(', ')}`,
      frames: [usage.frame],
    });
  },
});
