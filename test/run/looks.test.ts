/** Answers that are looked at and not judged: how much is read of them, and how much is kept. */
import { expect, onTestFinished, test } from 'vitest';
import { askerFor } from '../../src/run/endpoint-asker.ts';
import { runServer } from '../../src/run/run-server.ts';
import { Session } from '../../src/run/session.ts';
import type { Habits } from '../servers/habits.ts';
import { startServer } from '../servers/model-server.ts';
import { SETTINGS, targetAt } from './settings.ts';

async function serving(habits: Habits) {
  const server = await startServer(habits);
  onTestFinished(() => server.close());
  return server;
}

test.each([
  [
    "a name longer than a file's path",
    [{ id: 'a'.repeat(5000) }],
    'no model found at URL/ (HTTP 200); name one',
  ],
  [
    'a list over 2 MiB',
    [{ id: 'toy', about: 'a'.repeat(3 * 1024 * 1024) }],
    'no model found at URL/ (HTTP 200, stopped by lastchunk: a body over 2 MiB); name one',
  ],
])('%s names no model', async (_name, data, message) => {
  const server = await serving({ models: () => ({ status: 200, body: JSON.stringify({ data }) }) });
  const { halt } = await runServer(targetAt(server.url), SETTINGS);
  expect(halt?.message.replace(server.url, 'URL')).toContain(message);
  expect(server.requests.length).toBeLessThan(5);
});

test('a tokenizer endpoint: a short answer is remembered, a long one asked for again, too long a one is none', async () => {
  const tokens: Record<string, number> = { '/short': 100, '/long': 20_000, '/too-long': 600_000 };
  const server = await serving({
    elsewhere: (path) => ({ status: 200, body: JSON.stringify({ tokens: Array(tokens[path]).fill(1) }) }),
  });
  const session = new Session(targetAt(server.url), SETTINGS);
  onTestFinished(() => session.wire.close());
  const asker = askerFor(session);
  const asked: string[] = [];
  for (const path of ['/short', '/short', '/long', '/long', '/too-long']) {
    const before = server.requests.length;
    const answer = await asker.post(path, {});
    asked.push(`${path} ${JSON.stringify(answer)?.length} ${server.requests.length - before}`);
  }
  expect(asked).toEqual([
    '/short 212 1',
    '/short 212 0',
    '/long 40012 1',
    '/long 40012 1',
    '/too-long undefined 1',
  ]);
});
