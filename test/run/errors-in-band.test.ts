/** An error inside a 200 is met like the status that its code says, and what it says is told. */
import { expect, test } from 'vitest';
import { runServer } from '../../src/run/run-server.ts';
import { all, asked, chat, streaming, when } from '../servers/conditions.ts';
import type { Habits } from '../servers/habits.ts';
import { errorStream, errsAtOnce, eventOf } from '../servers/in-band.ts';
import { startServer } from '../servers/model-server.ts';
import { SETTINGS, targetAt } from './settings.ts';

async function run(habits: Habits, suite: 'smoke' | 'standard' = 'smoke') {
  const server = await startServer(habits);
  const options = { ...SETTINGS, apis: ['chat'] as const, suite, confirm: false };
  const report = await runServer(targetAt(server.url), options).finally(() => server.close());
  return { ...report, sent: server.requests.filter(({ method }) => method === 'POST').length };
}

test('a rate limit is waited for', async () => {
  const plain = await run({});
  const limited = await run({
    instead: ({ number }) => {
      if (number !== 2) return undefined;
      const answer = errorStream(eventOf({ error: { message: 'Rate limit reached', code: 429 } }));
      return { ...answer, headers: { ...answer.headers, 'retry-after': '0' } };
    },
  });
  expect(limited.results.filter(({ verdict }) => verdict === 'error')).toEqual([]);
  expect(limited.sent).toBe(plain.sent + 1);
});

test('the context that a refusal names is learnt', async () => {
  const message = "This model's maximum context length is 512 tokens.";
  const { context } = await run({
    states: 'nothing',
    ...errsAtOnce(all(streaming, asked), eventOf({ error: { message, code: 'context_length_exceeded' } })),
  });
  expect(context).toBe(512);
});

test('a 401 ends the run', async () => {
  const { halt, sent } = await run({
    instead: () => errorStream(eventOf({ error: { message: 'no such key', type: 'authentication_error' } })),
  });
  expect(halt).toMatchObject({
    kind: 'unauthorized',
    message: 'a key is wanted (401 unauthorized: no such key)',
  });
  expect(sent).toBe(1);
});

test('each message is told once, and not without end', async () => {
  const same = await run(errsAtOnce(streaming, eventOf({ error: 'the engine is overloaded' })));
  expect(same.notes).toEqual([
    'an error inside a 200: "the engine is overloaded" (6 times, first in chat/stream/asked/text)',
  ]);
  const each = await run(
    when(all(chat, streaming), {
      mapEvents: (list, { number }) => [
        ...list.slice(0, 4),
        ...Array.from({ length: 3 }, () => ({ json: { error: { message: `request ${number} broke off` } } })),
      ],
    }),
    'standard',
  );
  expect(each.notes).toHaveLength(9);
  expect(each.notes.at(-1)).toMatch(/^and \d+ more errors inside a 200$/);
  expect(each.notes[0]).toBe(
    'an error inside a 200: "request 1 broke off" (1 time, first in chat/stream/asked/text)',
  );
});
