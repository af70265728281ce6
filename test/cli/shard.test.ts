import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { shardOf } from '../../src/commands/support/shard-choice.ts';
import type { Report } from '../../src/model/report.ts';
import { folderWith } from '../config/temporary.ts';
import { type RunningServer, startServer } from '../servers/model-server.ts';
import { lastchunk } from './child-process.ts';

let servers: RunningServer[];
beforeAll(async () => {
  servers = await Promise.all([{}, { mapUsage: () => undefined }, {}].map((habits) => startServer(habits)));
});
afterAll(() => Promise.all(servers.map((server) => server.close())));

const fleet = () =>
  folderWith({
    'lastchunk.yaml': `servers:\n${servers.map(({ url }, i) => `  - { name: s${i}, url: "${url}" }\n`).join('')}suite: smoke\nonly: [usage-present]\n`,
  });

const namesIn = (cwd: string, file: string) =>
  (JSON.parse(readFileSync(join(cwd, file), 'utf8')) as Report).servers.map(({ name }) => name);

test('shards are dealt out in turn, and merge makes one report and one exit code of them', async () => {
  const cwd = fleet();
  const one = await lastchunk(['check', '--shard', '1/2', '--output', 'json=1.json'], { cwd });
  // The environment names a shard, too: the command line wins.
  const two = await lastchunk(['check', '--shard', '2/2', '--output', 'json=2.json'], {
    cwd,
    env: { JOB_COMPLETION_INDEX: '0', JOB_COMPLETIONS: '2' },
  });
  expect([one.code, two.code]).toEqual([0, 1]);
  expect([namesIn(cwd, '1.json'), namesIn(cwd, '2.json')]).toEqual([['s0', 's2'], ['s1']]);
  const merged = await lastchunk(['merge', '2.json', '1.json', '--output', 'json=all.json'], { cwd });
  expect(merged.code).toBe(1);
  expect(merged.stdout).toContain('3 servers: ');
  expect(namesIn(cwd, 'all.json')).toEqual(['s0', 's1', 's2']);
  for (const files of [
    ['1.json'],
    ['1.json', '1.json', '2.json'],
    ['1.json', 'lastchunk.yaml'],
    ['none.json'],
  ]) {
    const { code, stderr, stdout } = await lastchunk(['merge', ...files], { cwd });
    expect([code, stderr.trim().split('\n').length, stdout], stderr).toEqual([2, 1, '']);
  }
});

test('a pod of an Indexed Job checks its share; one that is left over checks nothing', async () => {
  const cwd = fleet();
  const pod = (index: string, env: Record<string, string> = {}) =>
    lastchunk(['check', '--output', `json=${index}.json`], {
      cwd,
      env: { JOB_COMPLETION_INDEX: index, ...env },
    });
  const four = { JOB_COMPLETIONS: '4' };
  const ended = await Promise.all(['0', '1', '2', '3'].map((index) => pod(index, four)));
  expect(ended.map(({ code }) => code)).toEqual([0, 1, 0, 0]);
  expect(['0', '1', '2', '3'].map((index) => namesIn(cwd, `${index}.json`))).toEqual([
    ['s0'],
    ['s1'],
    ['s2'],
    [],
  ]);
  const merged = await lastchunk(['merge', '0.json', '1.json', '2.json', '3.json', '--format', 'json'], {
    cwd,
  });
  expect(merged.code).toBe(1);
  expect((JSON.parse(merged.stdout) as Report).servers).toHaveLength(3);
});

test.each([
  [undefined, {}, null],
  ['2/3', { JOB_COMPLETION_INDEX: '0' }, { index: 2, count: 3 }],
  [undefined, { JOB_COMPLETION_INDEX: '1', JOB_COMPLETIONS: '4' }, { index: 2, count: 4 }],
  [undefined, { JOB_COMPLETION_INDEX: '1' }, { index: 2, count: 3 }],
])('%s and %j: %j', (said, environment, shard) => {
  expect(shardOf(said, environment, 3)).toEqual(shard);
});

test.each([
  ['0/3', {}],
  ['4/3', {}],
  ['1', {}],
  ['1/0', {}],
  [undefined, { JOB_COMPLETION_INDEX: '3' }],
  [undefined, { JOB_COMPLETION_INDEX: '4', JOB_COMPLETIONS: '4' }],
  [undefined, { JOB_COMPLETION_INDEX: 'x' }],
])('%s and %j are refused', (said, environment) => {
  expect(() => shardOf(said, environment, 3)).toThrow(/write|set JOB_COMPLETIONS/);
});
