import { asked, streaming, when } from './conditions.ts';
import type { UnjudgeableServer } from './entries.ts';
import { breaksOff, errorStream, errsAtOnce, eventOf } from './in-band.ts';
import { flood, headersOnly, oneDelta, oneLine, tarpit } from './silence.ts';

const json = (status: number, message: string) => ({
  status,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ error: { message } }),
});

/** Servers that can't be judged: an error of the tester's, never blamed on them, and never green. */
export const UNJUDGEABLE: UnjudgeableServer[] = [
  {
    name: '401 everywhere',
    source: 'CHECKS: authentication',
    habits: { atDoor: () => json(401, 'no key') },
    exitCode: 3,
    reason: 'the first 401 ends the run',
  },
  {
    name: '403 for every answer',
    source: 'CHECKS: authentication',
    habits: { instead: () => json(403, 'forbidden') },
    exitCode: 3,
    reason: 'no API is served',
  },
  {
    name: '403 for every answer, in other words',
    source: 'CHECKS: authentication',
    habits: { instead: () => json(403, 'Your account lacks access') },
    exitCode: 3,
    reason: 'no API is served',
  },
  {
    name: 'the model is not known',
    source: 'CHECKS: 404 that names the model',
    habits: { instead: () => json(404, 'The model `toy` does not exist.') },
    exitCode: 3,
    reason: 'a 404 that names the model',
  },
  {
    name: 'HTML 404 for both APIs',
    source: 'CHECKS: API absent',
    habits: {
      instead: () => ({ status: 404, headers: { 'content-type': 'text/html' }, body: '<html>no</html>' }),
    },
    exitCode: 3,
    reason: 'no streaming check could be judged',
  },
  {
    name: 'never answers',
    source: 'CHECKS: time-out',
    habits: { instead: () => 'hang' },
    timeoutMs: 300,
    exitCode: 3,
    reason: 'two silences in a row: given up',
  },
  {
    name: 'closes every connection',
    source: 'CHECKS: refused connection',
    habits: { instead: () => 'close' },
    exitCode: 3,
    reason: 'no plain request was ever answered',
  },
  {
    name: '429 for ever, with a long retry-after',
    source: 'CHECKS: rate limit',
    habits: { instead: () => ({ ...json(429, 'quota exceeded'), headers: { 'retry-after': '3600' } }) },
    exitCode: 3,
    reason: 'rate limits are waited for in bounds, then error',
  },
  {
    name: 'nothing listens',
    source: 'CHECKS: refused connection',
    habits: {},
    gone: true,
    exitCode: 3,
    reason: 'a server was not reached',
  },
  {
    name: 'closes at the door, the model list too',
    source: 'CHECKS: refused connection',
    habits: { atDoor: () => 'close' },
    exitCode: 3,
    reason: 'a server was not reached',
  },
  {
    name: 'never answers at the door',
    source: 'DESIGN: discovery that hangs is 3',
    habits: { atDoor: () => 'hang' },
    timeoutMs: 500,
    exitCode: 3,
    reason: 'model discovery that hangs or breaks is 3 where no --model is given',
  },
  {
    name: 'the model list never comes',
    source: 'DESIGN: discovery that hangs is 3',
    habits: { models: () => 'hang' },
    timeoutMs: 500,
    exitCode: 3,
    reason: 'model discovery that hangs or breaks is 3 where no --model is given',
  },
  {
    name: 'the model list is HTML',
    source: 'DESIGN: discovery that breaks is 3',
    habits: {
      models: () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: '<html></html>' }),
    },
    exitCode: 3,
    reason: 'model discovery that hangs or breaks is 3 where no --model is given',
  },
  {
    name: 'the model list is a 500',
    source: 'DESIGN: discovery that breaks is 3',
    habits: { models: () => json(500, 'oops') },
    exitCode: 3,
    reason: 'model discovery that hangs or breaks is 3 where no --model is given',
  },
  {
    name: 'bodies drip for ever',
    source: 'DESIGN: a body that still runs at --timeout',
    habits: tarpit,
    timeoutMs: 500,
    exitCode: 3,
    reason: 'stopped by us: error, never cut off, and it counts as a silence',
  },
  {
    name: 'streams grow for ever',
    source: 'DESIGN: a body over 8 MB',
    habits: flood,
    timeoutMs: 5000,
    exitCode: 3,
    reason: 'stopped by us: error, never cut off, and it counts as a silence',
  },
  {
    name: 'a line without end',
    source: 'DESIGN: a body over 8 MB',
    habits: oneLine,
    timeoutMs: 5000,
    exitCode: 3,
    reason: 'stopped by us: error, never cut off, and it counts as a silence',
  },
  {
    name: 'headers, and then nothing',
    source: 'DESIGN: waiting is bounded',
    habits: headersOnly,
    timeoutMs: 500,
    exitCode: 3,
    reason: 'two silences in a row: given up',
  },
  {
    name: 'streams never answer',
    source: 'DESIGN: waiting is bounded',
    habits: when(streaming, { instead: () => 'hang' }),
    timeoutMs: 500,
    exitCode: 3,
    reason: 'no streaming check could be judged',
  },
  {
    name: 'hangs where usage is asked for',
    source: 'CHECKS: a server that hangs only where usage is asked for',
    habits: when(asked, { instead: () => 'hang' }),
    timeoutMs: 1000,
    exitCode: 3,
    reason: 'a MUST check erred in two or more cases and was judged in none',
  },
  {
    name: 'streams that are asked for usage come to no end',
    source: 'CHECKS: a server that hangs only where usage is asked for',
    habits: when(asked, oneDelta),
    timeoutMs: 1000,
    exitCode: 3,
    reason: 'a MUST check erred in two or more cases and was judged in none',
  },
  {
    name: 'refuses to stream',
    source: 'CHECKS: a 4xx with a reason is skip',
    habits: when(streaming, { instead: () => json(400, 'streaming is not supported') }),
    exitCode: 3,
    reason: 'no streaming check could be judged',
  },
  {
    name: '501 for both APIs',
    source: 'CHECKS: API absent',
    habits: { instead: () => json(501, 'not implemented') },
    exitCode: 3,
    reason: 'no streaming check could be judged',
  },
  {
    name: 'a 400 that names the model',
    source: 'CHECKS: 400 that names the model',
    habits: { instead: () => json(400, 'The model toy is not loaded') },
    exitCode: 3,
    reason: 'a 404 or 400 that names the model is error',
  },
  {
    name: 'the key is refused after the first answer',
    source: 'CHECKS: the first 401 ends the run',
    habits: { instead: (c) => (c.number > 1 ? json(401, 'key expired') : undefined) },
    exitCode: 3,
    reason: 'a MUST check erred in two or more cases and was judged in none',
  },
  {
    name: 'a quota error in each stream',
    source: 'CHECKS: an error inside a stream; 429 is error',
    habits: errsAtOnce(
      streaming,
      eventOf({ error: { message: 'You exceeded your current quota', type: 'insufficient_quota' } }),
    ),
    exitCode: 3,
    reason: 'no streaming check could be judged',
  },
  {
    name: '429 inside a 200',
    source: 'CHECKS: an error inside a stream; 429 is error',
    habits: {
      instead: (c) => {
        const error = { object: 'error', message: 'slow down', code: 42901 };
        if (c.mode === 'stream') return errorStream(eventOf(error));
        return { ...errorStream(JSON.stringify(error)), status: 200 };
      },
    },
    exitCode: 3,
    reason: 'no streaming check could be judged',
  },
  {
    name: 'every stream breaks off with an error after two tokens',
    source: 'CHECKS: an error after something was delivered',
    suite: 'full',
    habits: breaksOff(streaming, eventOf({ error: { message: 'the worker is gone', code: 500 } })),
    exitCode: 3,
    reason: 'no streaming check could be judged: error-ends-stream says nothing about usage',
  },
  {
    name: 'refuses to stream inside a 200',
    source: 'CHECKS: what holds for refusals holds for it',
    habits: errsAtOnce(streaming, eventOf({ error: { message: 'streaming is not supported', code: 400 } })),
    exitCode: 3,
    reason: 'no streaming check could be judged',
  },
  {
    name: '401 inside a 200',
    source: 'CHECKS: the first 401 ends the run',
    habits: {
      instead: () => errorStream(eventOf({ error: { message: 'no key', type: 'authentication_error' } })),
    },
    exitCode: 3,
    reason: 'the first 401 ends the run',
  },
  {
    name: 'the model is not known, told inside a 200',
    source: 'CHECKS: unknown models',
    habits: {
      instead: () => ({
        status: 200,
        body: JSON.stringify({
          error: { message: 'The model `toy` does not exist.', code: 'model_not_found' },
        }),
      }),
    },
    exitCode: 3,
    reason: 'a 404 that names the model',
  },
];
