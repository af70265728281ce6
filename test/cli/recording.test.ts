import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { ended, folder, lastchunk, reportOf, serving, start } from './lastchunk.ts';

it('records a run, judges the recording, and plays it back with a fault', async () => {
  const server = await serving();
  const dir = folder();
  const out = join(dir, 'recording');
  const made = await lastchunk(['record', server.url, '--out', out, '--suite', 'smoke', '--seed', '5']);
  expect(made).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+ exchanges recorded in /) });
  const again = await lastchunk(['record', server.url, '--out', out]);
  expect(again).toMatchObject({ code: 2, stderr: expect.stringContaining('--force to replace it') });

  writeFileSync(join(dir, 'known.yaml'), 'expected: []\n');
  const junit = join(dir, 'junit.xml');
  const flags = ['--only', 'usage-*', '--only', 'chat/*', '--baseline', join(dir, 'known.yaml')];
  const judged = await lastchunk([
    ...['check', '--from', out, ...flags, '--format', 'json', '--output', `junit=${junit}`],
  ]);
  expect(judged.code).toBe(0);
  const { servers, seed } = reportOf(judged);
  expect(seed).toBe(5);
  expect(new Set(servers[0]?.results.map(({ api }) => api))).toEqual(new Set(['chat']));
  expect(servers[0]?.results.every(({ check }) => check.startsWith('usage-'))).toBe(true);
  expect(readFileSync(junit, 'utf8')).toContain('usage-present');

  const replay = start(['replay', out, '--timing', 'none', '--fault', 'drop-usage']);
  onTestFinished(() => void replay.kill('SIGKILL'));
  const end = ended(replay);
  const url = await new Promise<string>((resolve) =>
    replay.stdout?.once('data', (bytes: Buffer) => resolve(bytes.toString().trim())),
  );
  const faulty = await lastchunk([
    ...['check', url, '--suite', 'smoke', '--seed', '5', '--no-confirm', '--format', 'json'],
  ]);
  const fails = reportOf(faulty).servers.flatMap(({ results }) =>
    results.flatMap(({ verdict, check }) => (verdict === 'fail' ? [check] : [])),
  );
  expect([faulty.code, ...new Set(fails)]).toEqual([1, 'usage-present']);
  replay.kill('SIGINT');
  expect((await end).code).toBe(0);
});

it.each([
  [['check', '--from', 'nosuch'], 'nosuch is no recording: it has no recording.json'],
  [['check', '--from', 'x', '--seed', '4'], '--seed has no place beside --from'],
  [['check', '--from', 'x', 'http://127.0.0.1:1'], '--from takes the place of a server'],
  [['replay', 'x', '--fault', 'drop-usge'], 'unknown fault "drop-usge"; did you mean "drop-usage"?'],
  [['record', 'http://127.0.0.1:1', '--out', ''], '--out is empty'],
])('%s is an error of the command line', async (flags, says) => {
  const { code, stderr } = await lastchunk(flags);
  expect(stderr).toContain(says);
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(code).toBe(2);
});
