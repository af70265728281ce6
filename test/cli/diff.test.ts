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
