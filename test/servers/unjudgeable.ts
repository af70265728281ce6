import type { UnjudgeableServer } from './entries.ts';

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
];
