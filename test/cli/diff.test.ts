import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ServerReport } from '../../src/model/report.ts';
import { renderJson } from '../../src/reporters/json.ts';
import { folderWith } from '../config/temporary.ts';
import { sampleReport, sampleWords, silentServer, talkingServer } from '../reporters/sample-report.ts';
import { lastchunk } from './child-process.ts';

const json = (server: ServerReport, name: string) =>
  renderJson(sampleReport([{ ...server, name }]), { words: sampleWords });

test('1 on a regression, 0 where nothing changed, 2 where nothing can be compared', async () => {
  const cwd = folderWith({
    'good.json': json(talkingServer(), 'a=b'),
    'bad.json': json(silentServer('0.2.87', 80), 'c'),
    'none.json': '{"servers":[]}',
  });
  const diff = (...args: string[]) => lastchunk(['diff', ...args], { cwd });
  const match = ['--match', 'a=b=c'];
  const [worse, better, unmatched, noReport, noFormat] = await Promise.all([
    diff('good.json', 'bad.json', ...match),
    diff('bad.json', 'good.json', '--match', 'c=a=b', '--format', 'json'),
    diff('good.json', 'bad.json'),
    diff('good.json', 'none.json', ...match),
    diff('good.json', 'bad.json', ...match, '--format', 'xml'),
  ]);
  expect([worse.code, worse.stdout.includes('Newly failing')]).toEqual([1, true]);
  expect(better.code).toBe(1);
  expect(JSON.parse(better.stdout)).toMatchObject({ regression: true, exitCode: 1, onlyA: [] });
  for (const { code, stderr, stdout } of [unmatched, noReport, noFormat])
    expect([code, stderr.trim().split('\n').length, stdout], stderr).toEqual([2, 1, '']);
  expect((await diff('good.json', 'good.json')).code).toBe(0);
});

test('a difference is written to files, too: a page, JSON, and tickets for what is new', async () => {
  const cwd = folderWith({
    'good.json': json(talkingServer(), 'a'),
    'bad.json': json(silentServer('0.2.87', 80), 'a'),
  });
  const outputs = ['html=out/diff.html', 'json=out/diff.json', 'issue=tickets'].flatMap((one) => [
    '--output',
    one,
  ]);
  const worse = await lastchunk(['diff', 'good.json', 'bad.json', ...outputs], { cwd });
  expect([worse.code, worse.stderr]).toEqual([1, '']);
  const page = readFileSync(join(cwd, 'out/diff.html'), 'utf8');
  expect(page).toMatch(/^<!doctype html>[\s\S]*<\/html>\s*$/);
  expect(page).toContain('Newly failing');
  expect(JSON.parse(readFileSync(join(cwd, 'out/diff.json'), 'utf8'))).toMatchObject({ exitCode: 1 });
  expect(readdirSync(join(cwd, 'tickets'))).toEqual(['usage-present-absent--a.md']);
  const same = await lastchunk(['diff', 'bad.json', 'bad.json', '--output', 'issue=none'], { cwd });
  expect([same.code, existsSync(join(cwd, 'none'))]).toEqual([0, false]);
  const other = await lastchunk(['diff', 'good.json', 'bad.json', '--output', 'junit=x'], { cwd });
  expect([other.code, other.stdout]).toEqual([2, '']);
  const unwritten = await lastchunk(['diff', 'bad.json', 'bad.json', '--output', 'html=bad.json/x'], { cwd });
  expect([unwritten.code, unwritten.stderr.split('\n').length]).toEqual([3, 2]);
});
