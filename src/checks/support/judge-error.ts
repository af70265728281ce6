import type { StreamError } from '../../model/exchange.ts';
import { broken, type Finding, pass } from '../../model/finding.ts';

/** How an error can be sent wrongly in a stream. */
export const ERROR_CLASSES = ['malformed', 'continued'] as const;

/** Whether an error is one well-formed event that ends its stream. */
export function judgeError(error: StreamError): Finding<(typeof ERROR_CLASSES)[number]> {
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
