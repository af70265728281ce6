/** The folder that upgrade and bisect keep things in: shown, and emptied. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { claimRecord } from '../../src/launch/run-records.ts';
import { folderWith } from '../config/temporary.ts';
import { lastchunk } from './lastchunk.ts';

const KEPT = {
  'python/llama-cpp-python/0.2.84/bin/python': 'x'.repeat(3 * 1024 * 1024),
  'python/llama-cpp-python/0.3.36/bin/python': 'x'.repeat(1024 * 1024),
  'logs/a.log': 'x'.repeat(2048),
  'mine.txt': 'not of lastchunk',
};

test('it is shown by version, with what it takes, and emptied of what lastchunk keeps there', async () => {
  const folder = folderWith(KEPT);
  const env = { LASTCHUNK_CACHE: folder };
  const shown = await lastchunk(['cache'], env);
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  expect(shown.stdout.split('\n')).toEqual([
    `${folder} (LASTCHUNK_CACHE names another)`,
    expect.stringMatching(/^ {2}3 MiB {2}python\/llama-cpp-python\/0\.2\.84$/),
    expect.stringMatching(/^ {2}1 MiB {2}python\/llama-cpp-python\/0\.3\.36$/),
    expect.stringMatching(/^ {2}\d KiB {2}logs$/),
    '4 MiB in all; lastchunk cache --clear removes it',
    '',
  ]);
  const cleared = await lastchunk(['cache', '--clear'], env);
  expect(cleared).toMatchObject({ code: 0, stdout: `4 MiB removed from ${folder}\n` });
  expect(existsSync(join(folder, 'python'))).toBe(false);
  expect(readFileSync(join(folder, 'mine.txt'), 'utf8')).toBe('not of lastchunk');
  expect((await lastchunk(['cache'], env)).stdout).toContain('nothing is kept there');
});

test('a cache that is in use is left alone', async () => {
  const folder = folderWith(KEPT);
  const record = claimRecord(folder, 'port-1');
  const { code, stderr } = await lastchunk(['cache', '--clear'], { LASTCHUNK_CACHE: folder });
  expect(stderr).toContain('is in use by a lastchunk that runs; nothing was removed');
  expect(code).toBe(3);
  expect(existsSync(join(folder, 'logs/a.log'))).toBe(true);
  record?.remove();
  expect((await lastchunk(['cache', '--clear'], { LASTCHUNK_CACHE: folder })).code).toBe(0);
});

test('one that is not there holds nothing', async () => {
  const { code, stdout } = await lastchunk(['cache'], { LASTCHUNK_CACHE: join(folderWith({}), 'none') });
  expect([code, stdout.includes('nothing is kept there')]).toEqual([0, true]);
});
