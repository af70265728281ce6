/** A file is written whole or not at all, and nothing is left beside it. */
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeWhole } from '../src/text/write-whole.ts';
import { folderWith } from './config/temporary.ts';

/** The id of a process that has ended. */
const deadPid = () => spawnSync(process.execPath, ['-e', '']).pid;

test('what a killed process left of this file is removed, and nothing else', () => {
  const left = `a.json.${deadPid()}.part`;
  const begun = `a.json.${deadPid()}.part`;
  const stays = [
    `a.json.${process.ppid}.part`,
    `b.json.${deadPid()}.part`,
    'a.json.part',
    'a.json.12x.part',
    'video.part',
  ];
  const folder = folderWith(Object.fromEntries([left, begun, ...stays].map((name) => [name, 'half'])));
  // Before this process; the one begun after it may be that of a process that cannot be seen from here.
  const longAgo = new Date(Date.now() - 1000 * 60 * 60 * 24);
  for (const name of [left, ...stays]) utimesSync(join(folder, name), longAgo, longAgo);
  writeWhole(join(folder, 'a.json'), '{}');
  expect(readdirSync(folder).sort()).toEqual(['a.json', begun, ...stays].sort());
});

test('one that is to be new takes the place of nothing', () => {
  const folder = folderWith({ 'a.yaml': 'mine' });
  symlinkSync('nowhere', join(folder, 'link'));
  for (const name of ['a.yaml', 'link'])
    expect(() => writeWhole(join(folder, name), 'new', true)).toThrow('EEXIST');
  writeWhole(join(folder, 'sub', 'b.yaml'), 'new', true);
  expect(readFileSync(join(folder, 'a.yaml'), 'utf8')).toBe('mine');
  expect(readdirSync(folder).sort()).toEqual(['a.yaml', 'link', 'sub']);
  expect(readdirSync(join(folder, 'sub'))).toEqual(['b.yaml']);
});

test('one that is written again keeps its rights, and a link stays one', () => {
  const folder = folderWith({ 'a.json': 'old' });
  chmodSync(join(folder, 'a.json'), 0o640);
  symlinkSync('a.json', join(folder, 'link'));
  writeWhole(join(folder, 'link'), 'new');
  expect(readFileSync(join(folder, 'a.json'), 'utf8')).toBe('new');
  expect(statSync(join(folder, 'a.json')).mode & 0o777).toBe(0o640);
  expect(readdirSync(folder).sort()).toEqual(['a.json', 'link']);
});

test('where it cannot take its place, nothing is left', () => {
  const folder = folderWith({ 'a.json/file': '' });
  writeFileSync(join(folder, 'b.json'), 'old');
  expect(() => writeWhole(join(folder, 'a.json'), 'new')).toThrow();
  expect(readdirSync(folder).sort()).toEqual(['a.json', 'b.json']);
});
