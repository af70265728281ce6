import { blocked, broken, pass } from '../model/finding.ts';
import { answerCheck, STREAM } from './support/define-check.ts';

export default answerCheck({
  id: 'delta-types',
  rule: 'delta-types',
  level: 'SHOULD',
  catalogue: 2,
  classes: ['number', 'boolean', 'list', 'object'],
  modes: STREAM,
  needs: ['event-json'],
  // A stream that broke off was read up to there: what came does not depend on what did not.
  reads: 'events',
  judge(answer) {
    if (answer.kind !== 'stream') return undefined;
    const { mistyped, error } = answer.stream;
    if (error !== null) return blocked('error-ends-stream: the stream ended in an error');
    const [first] = mistyped;
    if (first === undefined) return pass();
    const { type } = first;
    const names = new Set(mistyped.filter((field) => field.type === type).map(({ name }) => name));
    return broken({
      expected: 'a string, null or nothing wherever a delta holds text',
      class: type,
      detail: [...names].join(', '),
      frames: mistyped.slice(0, 3).map(({ frame }) => frame),
    });
  },
});
