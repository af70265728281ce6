import { broken, pass } from '../model/finding.ts';
import { attemptCheck, STREAM } from './support/define-check.ts';

export default attemptCheck({
  id: 'sse-framing',
  level: 'SHOULD',
  classes: ['content-type', 'no-final-blank-line', 'unknown-line', 'cut-after-end', 'too-long'],
  modes: STREAM,
  judge({ outcome }) {
    if (outcome.kind !== 'stream') return undefined;
    const { remarks } = outcome.stream;
    const [first] = remarks;
    if (first === undefined) return pass();
    return broken({
      expected: 'content type and framing as the standard has them',
      class: first.kind,
      detail: remarks.map((remark) => remark.detail).join('; '),
      frames: outcome.stream.frames.slice(0, 1),
    });
  },
});
