import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import { folderWith } from '../config/temporary.ts';
import { type RunningServer, startServer } from '../servers/model-server.ts';
import { lastchunk } from './child-process.ts';

let server: RunningServer;
let keyed: RunningServer;
const seen: Array<string | undefined> = [];

beforeAll(async () => {
  server = await startServer();
  keyed = await startServer({
    takeOver: (_context, request) => {
      seen.push(request.headers.authorization);
      return false;
    },
  });
});
afterAll(() => Promise.all([server.close(), keyed.close()]));

const configFor = (more = '') => `
servers:
  - { name: one, url: "${server.url}", label: "my-server 1.4" }
  - { name: two, url: "${keyed.url}", apiKeyEnv: TWO_KEY, model: toy }
suite: smoke
only: [usage-present]
seed: 7
outputs: { json: out/report.json }
${more}`;

const read = (file: string) => JSON.parse(readFileSync(file, 'utf8')) as Report;

test('the file alone is enough, found from a folder below, its paths relative to it', async () => {
  const folder = folderWith({ 'lastchunk.yaml': configFor() });
  mkdirSync(join(folder, 'below'));
  const { code, stderr } = await lastchunk(['check'], {
    cwd: join(folder, 'below'),
    env: { TWO_KEY: 'sesame' },
  });
  expect(stderr).toMatch(/^lastchunk: settings from .*lastchunk\.yaml/);
  expect(code).toBe(0);
  const report = read(join(folder, 'out/report.json'));
  expect(report).toMatchObject({ suite: 'smoke', seed: 7 });
  expect(report.servers).toMatchObject([
    { name: 'one', product: 'my-server', version: '1.4' },
    { name: 'two', product: null, model: 'toy' },
  ]);
  expect(new Set(report.servers.flatMap(({ results }) => results.map(({ check }) => check)))).toEqual(
    new Set(['usage-present']),
  );
  expect(new Set(seen)).toEqual(new Set(['Bearer sesame']));
});

test('flags win, servers are chosen by name, and a URL takes the place of all', async () => {
  const folder = folderWith({ 'lastchunk.yaml': configFor() });
  const flags = ['--seed', '8', '--only', 'usage-once', '--output', 'json=mine.json'];
  const { code } = await lastchunk(['check', 'one', ...flags], { cwd: folder });
  expect(code).toBe(0);
  const report = read(join(folder, 'mine.json'));
  expect(report).toMatchObject({ suite: 'smoke', seed: 8, servers: [{ name: 'one' }] });
  expect(report.servers[0]?.results[0]?.check).toBe('usage-once');
  expect(existsSync(join(folder, 'out'))).toBe(false);
  const url = await lastchunk(['check', server.url, '--format', 'json'], { cwd: folder });
  expect((JSON.parse(url.stdout) as Report).servers).toMatchObject([{ baseUrl: server.url, product: null }]);
});

test.each([
  [
    'a key that is not set',
    [],
    /^lastchunk: lastchunk\.yaml:4: servers\[1\]\.apiKeyEnv: the environment variable TWO_KEY/m,
  ],
  ['a file that is not there', ['-c', 'other.yaml'], /^lastchunk: other\.yaml: no such file$/m],
  ['no file and no server', ['--no-config'], /no server given; .*lastchunk demo .*lastchunk --help/],
])('2 for %s', async (_what, flags, message) => {
  const { code, stderr } = await lastchunk(['check', ...flags], {
    cwd: folderWith({ 'lastchunk.yaml': configFor() }),
  });
  expect(stderr).toMatch(message);
  expect(code).toBe(2);
});
