import { blocked, inapplicable } from '../model/finding.ts';
import { relationCheck, STREAM } from './support/define-check.ts';
import { judgeRecovery, RECOVERY_CLASSES, RECOVERY_CONSULTS } from './support/recovery.ts';
import { keyOf } from './support/server-view.ts';

export default relationCheck({
  id: 'recovers-after-abort',
  classes: RECOVERY_CLASSES,
  modes: STREAM,
  consults: RECOVERY_CONSULTS,
  scenarios: ['abort', 'text', 'repeat'],
  instances(api, view) {
    const filedAt = keyOf(api, 'stream', 'abort');
    const record = view.seen.cases.get(filedAt);
    if (record?.state.kind !== 'sent' || record.state.material.kind !== 'follow-up')
      return [{ filedAt, compares: [], judge: () => undefined }];
    const { first, followUps } = record.state.material;
    const left = first.reply.kind === 'response' && first.reply.body.ending.kind === 'left';
    const exchange = followUps.at(-1) ?? first;
    return [
      {
        filedAt,
        compares: [],
        exchange,
        judge() {
          if (view.seen.death?.caseKey === filedAt) return blocked('server-survives: the server died');
          return left
            ? judgeRecovery(record, followUps, view)
            : inapplicable('no stream came that could be left half-way');
        },
      },
    ];
  },
});
