/** A refusal that names a least value is met with it. */
import { expect, it } from 'vitest';
import { isJsonObject, parseJson } from '../../src/model/json.ts';
import type { Habits } from '../servers/habits.ts';
import { startServer } from '../servers/model-server.ts';
import { errorBody } from '../servers/plain-answer.ts';
import { runSuite } from '../servers/run.ts';

const refusing = (least: number, words: string): Habits => ({
  instead: (c) => (c.limit < least ? { status: 400, body: errorBody(words) } : undefined),
});

/** The report of a smoke run, and the limits that were sent, in order and without repetition. */
async function ran(habits: Habits, suite: 'smoke' | 'standard' = 'smoke') {
  const server = await startServer(habits);
  try {
    const report = await runSuite(server.url, { suite });
    const ours = server.requests.filter(({ path }) => /\/v1\/(?:chat\/)?completions$/.test(path));
    const bodies = ours.map(({ body }) => parseJson(body)).filter(isJsonObject);
    const limits = bodies.flatMap(({ max_tokens: limit }) => (limit === undefined ? [] : [limit]));
    const changes = limits.filter((limit, at) => limit !== limits[at - 1]);
    const verdictAt = (check: string, key: string) =>
      report.servers[0]?.results.find((one) => one.check === check && one.case === key)?.verdict;
    return { report, changes, verdictAt, notes: report.servers[0]?.notes };
  } finally {
    await server.close();
  }
}

const NOTE = 'limits under 16 are refused: 16 is sent in place of 8, 32 in place of 16';

it.each([
  'Expected a value >= 16, but got 8 instead.',
  'max_tokens must be at least 16',
  'Input should be greater than or equal to 16',
  'max_tokens must be greater than 15',
  'max_tokens has a minimum of 16',
])('%s', async (words) => {
  const { report, changes, verdictAt, notes } = await ran(refusing(16, words));
  expect(notes).toEqual([NOTE]);
  // The text units of both APIs are sent again with the double, before what is judged together with them.
  expect(changes).toEqual([16, 8, 16, 32, 16]);
  for (const scenario of ['text', 'short']) {
    expect(verdictAt('completion-equals-limit', `chat/stream/asked/${scenario}`)).toBe('pass');
    expect(verdictAt('completion-equals-limit', `completions/nonstream/-/${scenario}`)).toBe('pass');
  }
  expect(report.exitCode).toBe(0);
});

it.each([
  ['no larger than what was sent', 'max_tokens must be at least 8'],
  ['over 256', 'max_tokens must be at least 300'],
  ['no integer', 'the limit must be at least 16.5'],
])('a value is not met that is %s', async (_what, words) => {
  const { changes, notes } = await ran(refusing(16, words));
  expect(notes).toEqual([]);
  expect(changes).toEqual([16, 8]);
});

it('a value of something else is tried once, and neither kept nor noted', async () => {
  const words = 'the prompt must have at least 100 words';
  const { changes, notes } = await ran({
    instead: (c) => (c.limit === 8 || c.limit === 100 ? { status: 400, body: errorBody(words) } : undefined),
  });
  expect(notes).toEqual([]);
  expect(changes).toEqual([16, 8, 100, 8, 100]);
});
