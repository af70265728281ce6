/** The exit codes and the one JSON document, through the real command. */
import { expect, it } from 'vitest';
import { type Ended, lastchunk } from '../cli/lastchunk.ts';
import type { Habits } from './habits.ts';
import { startServer } from './model-server.ts';

const run = (...flags: string[]): Promise<Ended> => lastchunk(['check', ...flags]);

async function against(habits: Habits, ...flags: string[]): Promise<Ended> {
  const server = await startServer(habits);
  try {
    return await run(server.url, '--format', 'json', '--suite', 'smoke', '--timeout', '2s', ...flags);
  } finally {
    await server.close();
  }
}

const twoModels: Habits = {
  models: (list) => ({
    status: 200,
    body: JSON.stringify({
      ...list,
      data: [
        { id: 'toy', object: 'model' },
        { id: 'other', object: 'model' },
      ],
    }),
  }),
};

it('0 where nothing is wrong', async () => {
  const { code, stdout } = await against({});
  expect(JSON.parse(stdout)).toMatchObject({ exitCode: 0, summary: { fail: 0 } });
  expect(code).toBe(0);
});

it('1 for a fail', async () => {
  const { code, stdout } = await against({ mapEvents: (list) => list.slice(0, -1) });
  expect(JSON.parse(stdout)).toMatchObject({ exitCode: 1 });
  expect(code).toBe(1);
});

it('2 for several models and no --model', async () => {
  const { code, stderr } = await against(twoModels);
  expect(stderr).toMatch(/--model/);
  expect(code).toBe(2);
});

it('0 for several models and --model', async () => {
  expect((await against(twoModels, '--model', 'toy')).code).toBe(0);
});

it.each([
  ['a URL that is none', ['http://']],
  ['an unknown suite', ['http://127.0.0.1:9', '--suite', 'huge']],
  ['nothing selected', ['http://127.0.0.1:9', '--only', 'no-such-check']],
])('2 for %s, in one line', async (_what, flags) => {
  const { code, stderr } = await run(...flags);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(code).toBe(2);
});

it.each([
  [['chek'], 'lastchunk: "chek" is no command and no URL; did you mean lastchunk check?\n'],
  [
    ['check', '--modle', 'm'],
    "lastchunk: unknown option '--modle' (Did you mean --model?); see lastchunk check --help\n",
  ],
  [['upgrade'], "lastchunk: missing required argument 'product'; see lastchunk upgrade --help\n"],
])('2 for %j, and what was meant', async (words, says) => {
  const { code, stderr } = await lastchunk(words);
  expect([code, stderr]).toEqual([2, says]);
});

it('3 for a server that is not there', async () => {
  const server = await startServer();
  await server.close();
  const { code, stdout } = await run(server.url, '--format', 'json', '--timeout', '2s');
  expect(JSON.parse(stdout)).toMatchObject({ exitCode: 3 });
  expect(code).toBe(3);
});
