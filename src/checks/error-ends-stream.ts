import { inapplicable, worst } from '../model/finding.ts';
import { exchangesOf } from '../model/material.ts';
import { relationCheck, STREAM } from './support/define-check.ts';
import { ERROR_CLASSES, judgeError } from './support/judge-error.ts';
import { keyOf } from './support/server-view.ts';

export default relationCheck({
  id: 'error-ends-stream',
  classes: ERROR_CLASSES,
  modes: STREAM,
  scenarios: 'all',
  instances(api, view) {
    const erred = [...view.seen.cases.values()]
      .filter(({ id }) => id.api === api && id.mode === 'stream')
      .flatMap((record) => {
        const found = exchangesOf(record).flatMap((exchange) => {
          const { reply } = exchange;
          const error =
            reply.kind === 'response' && reply.status < 300 && reply.body.kind === 'stream'
              ? reply.body.stream.error
              : null;
          return error === null ? [] : [{ exchange, finding: judgeError(error) }];
        });
        const finding = worst(found.map((one) => one.finding));
        const exchange = found.find((one) => one.finding === finding)?.exchange;
        return finding === undefined || exchange === undefined
          ? []
          : [{ filedAt: record.key, compares: [], exchange, judge: () => finding }];
      });
    if (erred.length > 0) return erred;
    const text = keyOf(api, 'stream', 'text');
    return [{ filedAt: text, compares: [], judge: () => inapplicable('no stream erred') }];
  },
});
