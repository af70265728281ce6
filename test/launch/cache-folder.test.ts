import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { usableCacheFolder } from '../../src/launch/cache-folder.ts';
import { lastLines } from '../../src/launch/log-tail.ts';
import { temporaryFolder } from './temporary.ts';

afterEach(() => vi.unstubAllEnvs());

it('is made with all folders above it', () => {
  const folder = path.join(temporaryFolder(), 'a b', 'ü');
  vi.stubEnv('LASTCHUNK_CACHE', folder);
  expect(usableCacheFolder()).toBe(folder);
  expect(existsSync(folder)).toBe(true);
});

it.each(['a file', '/proc'])('below %s none can be made: one line that says what to do', (where) => {
  const file = path.join(temporaryFolder(), 'file');
  writeFileSync(file, '');
  vi.stubEnv('LASTCHUNK_CACHE', path.join(where === '/proc' ? '/proc' : file, 'x', 'y'));
  expect(usableCacheFolder).toThrow(/^cannot write to .*: name another folder with LASTCHUNK_CACHE$/);
});

it('the last lines of a log have no colours', () => {
  const log = path.join(temporaryFolder(), 'log');
  writeFileSync(log, '\u001b[31mloading\u001b[0m\r\n\u001b]0;title\u0007done\n');
  expect(lastLines(log, 5)).toEqual(['loading', 'done']);
});
