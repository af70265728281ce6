import { broken, pass } from '../model/finding.ts';
import { answerCheck, STREAM } from './support/define-check.ts';

export default answerCheck({
  id: 'event-json',
  classes: ['no-object'],
  modes: STREAM,
  needs: ['request-answered'],
  reads: 'events',
  judge(answer) {
    if (answer.kind !== 'stream') return undefined;
    const { endMarker } = answer.api;
    const [first] = answer.stream.notJson;
    if (first === undefined) return pass();
    return broken({
      expected: `a JSON object${endMarker === null ? '' : ` or ${endMarker}`} as the data of each event`,
      class: 'no-object',
      detail: JSON.stringify(first.data.slice(0, 80)),
      frames: answer.stream.notJson.slice(0, 3),
    });
  },
});
