import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { folderWith } from '../config/temporary.ts';
import type { Habits } from '../servers/habits.ts';
import { startServer } from '../servers/model-server.ts';
import { lastchunk } from './child-process.ts';

const silent: Habits = { mapUsage: (usage, context) => (context.mode === 'stream' ? undefined : usage) };

async function serverWith(habits: Habits): Promise<string> {
  const server = await startServer(habits);
  onTestFinished(() => server.close());
  return server.url;
}

async function check(cwd: string, url: string, ...flags: string[]) {
  const ended = await lastchunk(
    ['check', '--label', `my-server 1.4=${url}`, '--suite', 'smoke', '--format', 'json', ...flags],
    { cwd },
  );
  return { ...ended, report: ended.stdout === '' ? null : (JSON.parse(ended.stdout) as Report) };
}

test('update, known, another version, mended: the gate is red only for what is news', async () => {
  const folder = folderWith({});
  const bad = await serverWith(silent);
  const good = await serverWith({});

  const first = await check(folder, bad, '--update-baseline');
  expect(first.stderr).toContain(
    'lastchunk-baseline.yaml: added: usage-present in chat/stream/asked/* of my-server 1.4.0',
  );
  expect(first.report).toMatchObject({ exitCode: 0 });
  expect(first.code).toBe(0);

  const baseline = ['--baseline', 'lastchunk-baseline.yaml'];
  const known = await check(folder, bad, ...baseline, '--output', 'markdown=a.md');
  expect(known.code).toBe(0);
  expect(
    known.report?.servers[0]?.results.filter((r) => r.verdict === 'fail').every((r) => r.baselined),
  ).toBe(true);
  expect(readFileSync(join(folder, 'a.md'), 'utf8')).toContain('Known failures (in the baseline)');

  const [label, ...rest] = [`my-server 1.5=${bad}`, '--suite', 'smoke', ...baseline];
  expect((await lastchunk(['check', '--label', label, ...rest], { cwd: folder })).code).toBe(1);

  const mended = await check(folder, good, ...baseline);
  expect(mended.code).toBe(1);
  expect(mended.report?.baseline).toEqual(
    expect.arrayContaining([expect.objectContaining({ check: 'usage-present', state: 'stale' })]),
  );
  const shrunk = await check(folder, good, ...baseline, '--update-baseline');
  expect(shrunk.stderr).toContain('taken out: usage-present');
  expect(shrunk.code).toBe(0);
  expect(readFileSync(join(folder, 'lastchunk-baseline.yaml'), 'utf8')).toContain('expected: []');
});

test('a baseline that is wrong or lacking is exit 2, and nothing is sent', async () => {
  const folder = folderWith({
    'bad.yaml': 'expected:\n  - { product: x, check: usage-presnt, case: "*", reason: r }\n',
  });
  const url = await serverWith({});
  const { code, stderr } = await check(folder, url, '--baseline', 'bad.yaml');
  expect(stderr).toBe(
    'lastchunk: bad.yaml:2: expected[0].check: unknown check; did you mean "usage-present"?\n',
  );
  expect(code).toBe(2);
  expect((await check(folder, url, '--baseline', 'none.yaml')).code).toBe(2);
});

test('a folder for a new baseline is made', async () => {
  const folder = folderWith({});
  const { code } = await check(
    folder,
    await serverWith(silent),
    '--baseline',
    'new/b.yaml',
    '--update-baseline',
  );
  expect(code).toBe(0);
  expect(readFileSync(join(folder, 'new/b.yaml'), 'utf8')).toMatch(/^# Failures that are known/);
});

test('what --update-baseline wrote is read by the next plain check, and told', async () => {
  const url = await serverWith(silent);
  const folder = folderWith({ 'a/b/.keep': '' });
  const inside = join(folder, 'a/b');
  expect((await lastchunk(['init', url], { cwd: folder })).code).toBe(0);
  const smoke = ['check', '--suite', 'smoke'];
  expect((await lastchunk(smoke, { cwd: folder })).code).toBe(1);
  // From below, too: beside the config file that is found.
  expect((await lastchunk([...smoke, '--update-baseline'], { cwd: inside })).code).toBe(0);
  expect(readFileSync(join(folder, 'lastchunk-baseline.yaml'), 'utf8')).toContain('usage-present');
  for (const cwd of [folder, inside]) {
    const { code, stderr } = await lastchunk(smoke, { cwd });
    expect(stderr).toMatch(
      /^lastchunk: known failures from \S*lastchunk-baseline\.yaml \(--no-baseline for none\)$/m,
    );
    expect(code).toBe(0);
  }
  const none = await lastchunk([...smoke, '--no-baseline'], { cwd: folder });
  expect([none.code, none.stderr.includes('known failures')]).toEqual([1, false]);
});

test('without a config file the working directory is where it is looked for', async () => {
  const folder = folderWith({});
  const url = await serverWith(silent);
  expect((await check(folder, url, '--update-baseline')).code).toBe(0);
  expect((await check(folder, url)).code).toBe(0);
  expect((await check(folder, url, '--no-baseline')).code).toBe(1);
});
