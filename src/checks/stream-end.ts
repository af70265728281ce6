import { endState } from '../model/answer.ts';
import { blocked, broken, pass } from '../model/finding.ts';
import { answerCheck, STREAM } from './support/define-check.ts';

export default answerCheck({
  id: 'stream-end',
  classes: ['missing', 'cut-off', 'twice', 'early'],
  modes: STREAM,
  needs: ['request-answered'],
  reads: 'events',
  judge(answer) {
    if (answer.kind !== 'stream') return undefined;
    if (answer.stream.error !== null) return blocked('error-ends-stream: the stream ended in an error');
    const { stream, ending } = answer;
    const marker = answer.api.terms.end;
    const expected = answer.api.endsByClosing ? marker : `${marker} once, as the last event`;
    const fault = <const C extends string>(cls: C, detail: string, frames = stream.frames.slice(-4)) =>
      broken({ class: cls, expected, detail, frames });
    const after = [...stream.afterEnd.usages.map((usage) => usage.frame), ...stream.afterEnd.others];
    const shown = stream.end === null ? after : [stream.end, ...after];
    switch (endState(stream, ending)) {
      case 'once':
        return pass();
      case 'missing':
        return fault('missing', `the stream ended without ${marker}`);
      case 'cut':
        return fault(
          'cut-off',
          `${ending.kind === 'cut' ? ending.message : 'the body broke off'} before ${marker}`,
        );
      case 'twice':
      case 'twice-with-more':
        return fault('twice', `${marker} came ${stream.afterEnd.markers + 1} times`, shown.slice(0, 4));
      case 'early':
        return fault(
          'early',
          `events came after ${marker} (${stream.afterEnd.others.length}x)`,
          shown.slice(0, 4),
        );
    }
  },
});
