import { broken, pass } from '../model/finding.ts';
import { answerCheck, STREAM } from './support/define-check.ts';

export default answerCheck({
  id: 'event-json',
  modes: STREAM,
  needs: ['request-answered'],
  reads: 'events',
  judge(answer) {
    if (answer.kind !== 'stream') return undefined;
    const [first] = answer.stream.notJson;
    if (first === undefined) return pass();
    return broken({
      expected: `a JSON object or ${answer.api.endMarker ?? 'the end event'} as the data of each event`,
      observed: `no-object: ${JSON.stringify(first.data.slice(0, 80))}`,
      frames: answer.stream.notJson.slice(0, 3),
    });
  },
});
