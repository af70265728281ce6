/** --max-duration: the whole run is bounded. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { reportSchema } from '../../src/reporters/report-schema.ts';
import { folderWith } from '../config/temporary.ts';
import type { Habits } from '../servers/habits.ts';
import { startServer } from '../servers/model-server.ts';
import { lastchunk } from './child-process.ts';

async function serverWith(habits: Habits): Promise<string> {
  const server = await startServer(habits);
  onTestFinished(() => server.close());
  return server.url;
}

/** Never silent twice in a row, so it is not given up; the whole suite would take it an hour. */
const nowAndThen: Habits = { delay: ({ number }) => (number % 2 === 0 ? 600_000 : 0) };

test('a server that answers now and then does not hold the run; another one is judged', async () => {
  const [slow, quick] = [await serverWith(nowAndThen), await serverWith({})];
  const cwd = folderWith({});
  const flags = ['--suite', 'smoke', '--max-duration', '8s', '--output', 'json=r.json'];
  const { code, stdout } = await lastchunk(['check', slow, quick, ...flags], { cwd });
  expect(stdout).toMatch(/Out of time: 2 servers: /);
  expect(stdout.replace(/\s+/g, ' ')).toContain('the run was ended after 8 s (--max-duration)');
  expect(code).toBe(3);
  const report = reportSchema.parse(JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8')));
  expect(report).toMatchObject({ partial: true, exitCode: 3 });
  expect(report.servers.map(({ halt }) => halt?.kind)).toEqual(['out-of-time', undefined]);
});

test('the config file says it, too, the flag wins, and a baseline is not updated', async () => {
  const url = await serverWith(nowAndThen);
  const cwd = folderWith({
    'lastchunk.yaml': `servers: [{ url: "${url}" }]\nmaxDuration: 4\nsuite: smoke\n`,
  });
  const { code, stderr, stdout } = await lastchunk(['check', '--update-baseline'], { cwd });
  expect(stdout.replace(/\s+/g, ' ')).toContain('the run was ended after 4 s (--max-duration)');
  expect(stderr).toContain('lastchunk-baseline.yaml was not updated: the run did not come to its end');
  expect(code).toBe(3);
  const shorter = await lastchunk(['check', '--max-duration', '500ms'], { cwd });
  expect(shorter.stdout).toContain('after 500 ms');
  expect(shorter.code).toBe(3);
});

test('record keeps what came by then', async () => {
  const url = await serverWith(nowAndThen);
  const cwd = folderWith({});
  const flags = ['--out', 'recording', '--suite', 'smoke', '--max-duration', '4'];
  const { code, stdout, stderr } = await lastchunk(['record', url, ...flags], { cwd });
  expect(stdout).toMatch(/^\d+ exchanges recorded in recording, up to where the run was broken off\n$/);
  expect(stderr).toBe('lastchunk: the run was ended after 4 s (--max-duration)\n');
  expect(code).toBe(3);
  const again = await lastchunk(['check', '--from', 'recording'], { cwd });
  expect(again.stdout).toMatch(/^✓ \d+ checks hold wherever judged/m);
  expect(again.code).toBe(130);
});

test.each([
  [['check', 'http://127.0.0.1:1', '--max-duration', '0'], '--max-duration 0: write more than 0 seconds'],
  [['check', 'http://127.0.0.1:1', '--max-duration', 'soon'], '--max-duration "soon": write seconds'],
  [
    ['record', 'http://127.0.0.1:1', '--out', 'r', '--max-duration', '-1'],
    '--max-duration "-1": write seconds',
  ],
  [['check', '--from', 'r', '--max-duration', '5'], '--max-duration has no place beside --from'],
])('%j is refused', async (flags, said) => {
  const { code, stderr } = await lastchunk(flags, { cwd: folderWith({}) });
  expect(stderr).toContain(said);
  expect(code).toBe(2);
});
