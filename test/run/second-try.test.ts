/** What is blamed for a death, and what counts as confirmed. */
import { expect, test } from 'vitest';
import { selectionOf } from '../../src/config/selection.ts';
import { runServer } from '../../src/run/run-server.ts';
import { all, chat, option, streaming, toolCalled, when } from '../servers/conditions.ts';
import { changedChoices, isFinish } from '../servers/edits.ts';
import type { Habits } from '../servers/habits.ts';
import { startServer } from '../servers/model-server.ts';
import { SETTINGS, targetAt } from './settings.ts';

async function failsOf(habits: Habits, only: readonly string[], confirm = true) {
  const server = await startServer(habits);
  const selection = selectionOf(only, []);
  const options = { ...SETTINGS, apis: ['chat'] as const, suite: 'full' as const, selection, confirm };
  const { results } = await runServer(targetAt(server.url), options).finally(() => server.close());
  return results
    .filter(({ verdict }) => verdict === 'fail')
    .map((fail) => [fail.check, fail.case, fail.observed.split(/[\s:]/, 1)[0], fail.confirmed]);
}

test('one of the plain requests that a server dies of is the one that is blamed', async () => {
  const dies: Habits = {
    instead: (c) => {
      c.server.die();
      return 'hang';
    },
  };
  expect(await failsOf(when(all(chat, option('null')), dies), ['chat/*/text'])).toEqual([
    ['server-survives', 'chat/stream/null/text', 'died', '2/2'],
  ]);
});

/** The first plain stream after a client left counts a few tokens too many. */
const leftovers: Habits = {
  onAbort: ({ server }) => server.memory.set('left', 1),
  mapUsage: (usage, { mode, server: { memory } }) => {
    if (mode !== 'stream' || memory.get('left') !== 1) return usage;
    memory.set('left', 0);
    return { ...usage, prompt_tokens: usage.prompt_tokens + 5, total_tokens: usage.total_tokens + 5 };
  },
};

test.each([
  [true, '2/2'],
  [false, '-'],
])('what was counted wrong after a client left is confirmed by leaving again (%s)', async (confirm, mark) => {
  expect(await failsOf(leftovers, ['recovers-after-abort'], confirm)).toEqual([
    ['recovers-after-abort', 'chat/stream/asked/abort', 'miscounted', mark],
  ]);
});

test('a long prompt that is answered by a 500 once is intermittent', async () => {
  const once: Habits = {
    onOverlong: ({ server: { memory } }) => {
      if (memory.has('failed')) return undefined;
      memory.set('failed', 1);
      return { status: 500, body: '{"error":{"message":"index out of range"}}' };
    },
  };
  expect(await failsOf(once, ['recovers-after-overlong'])).toEqual([
    ['recovers-after-overlong', 'chat/stream/asked/overlong', 'http-500', '1/2'],
  ]);
});

/** How the stream of a called tool ends, where it ends for another reason than without streaming. */
const endsOtherwise = (often: (sent: number) => boolean): Habits =>
  when(all(streaming, toolCalled), {
    mapEvents: (list, { seenInMode }) =>
      often(seenInMode) ? changedChoices(isFinish, () => ({ finish_reason: 'stop' }))(list) : list,
  });

test.each([
  ['twice', (sent: number) => sent < 2, true, 'warn', 'differs: "stop" in the stream'],
  ['once', (sent: number) => sent < 1, true, 'skip', 'came once, and not when it was sent again: differs'],
  ['and is not retried', () => true, false, 'skip', 'came once, and it was not sent again: differs'],
] as const)('what may be chance and comes %s', async (_often, often, confirm, verdict, message) => {
  const server = await startServer(endsOtherwise(often));
  const selection = selectionOf(['chat/*/tools-called'], []);
  const options = { ...SETTINGS, apis: ['chat'] as const, suite: 'standard' as const, selection, confirm };
  const { results } = await runServer(targetAt(server.url), options).finally(() => server.close());
  const [found] = results.filter(({ check }) => check === 'finish-matches-nonstream');
  expect(found).toMatchObject({ verdict, message: expect.stringContaining(message) });
  expect(found).not.toHaveProperty('confirmed');
});
