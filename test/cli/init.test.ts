import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { NEWEST_CATALOGUE } from '../../src/checks/catalogue.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { folderWith } from '../config/temporary.ts';
import type { Habits } from '../servers/habits.ts';
import { startServer } from '../servers/model-server.ts';
import { lastchunk } from './child-process.ts';

async function serverWith(habits: Habits = {}): Promise<string> {
  const server = await startServer(habits);
  onTestFinished(() => server.close());
  return server.url;
}

test('it writes a file that check runs with, and overwrites none', async () => {
  const cwd = folderWith({});
  const url = await serverWith();
  expect(await lastchunk(['init', `${url}/v1`], { cwd })).toEqual({
    code: 0,
    stdout: 'lastchunk.yaml is written; run lastchunk check\n',
    stderr: '',
  });
  const file = join(cwd, 'lastchunk.yaml');
  expect(loadConfig(file, {}).servers).toMatchObject([{ name: 'server', url: `${url}/v1`, model: 'toy' }]);
  expect(loadConfig(file, {}).settings.catalogue).toBe(NEWEST_CATALOGUE);
  expect((await lastchunk(['check', '--suite', 'smoke', '--only', 'usage-once'], { cwd })).code).toBe(0);
  const before = readFileSync(file, 'utf8');
  for (const [out, why] of [
    ['lastchunk.yaml', 'lastchunk.yaml is there already; choose another file with --out'],
    // Two that are found would be one too many.
    ['lastchunk.yml', 'lastchunk.yaml is there already; choose another file with --out'],
    ['other.json', '--out other.json: JSON holds no comments; choose a name that ends in .yaml'],
  ] as const) {
    const again = await lastchunk(['init', url, '--out', out], { cwd });
    expect([again.code, again.stderr]).toEqual([2, `lastchunk: ${why}\n`]);
  }
  expect(readFileSync(file, 'utf8')).toBe(before);
});

test('all that is commented out in it is valid, too', async () => {
  const cwd = folderWith({});
  await lastchunk(['init', await serverWith(), '--out', 'new/a.yaml'], { cwd });
  const text = readFileSync(join(cwd, 'new/a.yaml'), 'utf8');
  expect(text).toContain('lastchunk-baseline.yaml beside this file');
  expect(text).toContain('lastchunk check --update-baseline');
  const all = text.replace(
    /^( *)# (?=(?:apiKeyEnv|headers|label|profile|tokenizer|only|skip|strict|failOn|baseline|outputs):)/gm,
    '$1',
  );
  expect(all).not.toBe(text);
  expect(loadConfig(join(folderWith({ 'a.yaml': all }), 'a.yaml'), {}).settings.baseline).toMatch(
    /baseline\.yaml$/,
  );
});

test('secrets of the URL are not written, nor a model that would be read as something else', async () => {
  const cwd = folderWith({});
  const url = (await serverWith()).replace('http://', 'http://me:sesame@');
  const { code } = await lastchunk(['init', `${url}/v1?api-key=hidden&v=1`, '--model', 'a: ${B} # c'], {
    cwd,
  });
  expect(code).toBe(0);
  const text = readFileSync(join(cwd, 'lastchunk.yaml'), 'utf8');
  expect(text).not.toMatch(/sesame|hidden/);
  const [server] = loadConfig(join(cwd, 'lastchunk.yaml'), { API_KEY: 'k', LLM_PASSWORD: 'p' }).servers;
  expect(server).toMatchObject({
    model: 'a: ${B} # c',
    url: expect.stringMatching(/me:p@.*v1\?api-key=k&v=1$/),
  });
});

test('a server that wants a key is written with one; one that is not there is not written', async () => {
  const cwd = folderWith({});
  const url = await serverWith({ atDoor: () => ({ status: 401, body: '{"error":{"message":"key?"}}' }) });
  expect((await lastchunk(['init', url], { cwd })).code).toBe(0);
  expect(readFileSync(join(cwd, 'lastchunk.yaml'), 'utf8')).toContain('    apiKeyEnv: LLM_API_KEY');
  const { code, stderr } = await lastchunk(['init', 'http://127.0.0.1:9', '--out', 'b.yaml'], { cwd });
  expect(code).toBe(3);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
