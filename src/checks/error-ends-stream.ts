import type { StreamError } from '../model/exchange.ts';
import { broken, type Finding, inapplicable, pass, worst } from '../model/finding.ts';
import { exchangesOf } from '../model/material.ts';
import { relationCheck, STREAM } from './support/define-check.ts';
import { keyOf } from './support/server-view.ts';

const ERROR_CLASSES = ['malformed', 'continued'] as const;

function judgeError(error: StreamError): Finding<(typeof ERROR_CLASSES)[number]> {
  const expected = 'one event with the error as a JSON object, and no content or usage after it';
  const fault = (cls: (typeof ERROR_CLASSES)[number], detail: string) =>
    broken({
      class: cls,
      expected,
      detail,
      frames: [error.frame, ...[error.contentAfter, error.usageAfter].filter((frame) => frame !== null)],
    });
  if (error.form === 'sse-line')
    return fault('malformed', 'a line `error: …`, which event streams do not have');
  if (error.form === 'text') return fault('malformed', 'an event whose data is no JSON object');
  if (error.form === 'bare-json') return fault('malformed', 'a bare line of JSON outside of any event');
  if (error.contentAfter !== null) return fault('continued', 'content came after the error');
  if (error.usageAfter !== null) return fault('continued', 'usage came after the error');
  return pass(`the stream ended in an error: ${error.message}`);
}

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
