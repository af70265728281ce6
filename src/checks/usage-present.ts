import { broken, pass } from '../model/finding.ts';
import { ASKED, answerCheck, STREAM } from './support/define-check.ts';

export default answerCheck({
  id: 'usage-present',
  classes: ['late', 'null', 'absent'],
  modes: STREAM,
  options: ASKED,
  needs: ['request-answered'],
  reads: 'usage',
  judge(answer) {
    if (answer.kind !== 'stream') return undefined;
    const { stream, api } = answer;
    const atEnd = () => stream.usages.some(({ frame }) => frame.index === stream.end?.index);
    if (api.endCarriesUsage ? atEnd() : stream.usageCount > 0) return pass();
    const expected = 'a chunk with usage before the end of the stream';
    const late = stream.afterEnd.usages[0];
    if (late !== undefined) {
      const frames = stream.end === null ? [late.frame] : [stream.end, late.frame];
      return broken({ class: 'late', expected, detail: 'usage came after the end of the stream', frames });
    }
    const frames = stream.frames.slice(-3);
    if (stream.usageNull > 0) {
      return broken({
        class: 'null',
        expected,
        detail: `usage is null wherever it stands (${stream.usageNull}x)`,
        frames,
      });
    }
    return broken({
      class: 'absent',
      expected,
      detail: api.endCarriesUsage
        ? `no usage in ${api.terms.end}`
        : `no chunk of ${stream.usageAbsent} has usage`,
      frames,
    });
  },
});
