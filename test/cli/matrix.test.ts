/** lastchunk matrix: reports and records in, tables, records and tickets out. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Report, ServerReport } from '../../src/model/report.ts';
import { renderJson } from '../../src/reporters/json.ts';
import { folderWith } from '../config/temporary.ts';
import {
  sampleReport,
  sampleServer,
  sampleWords,
  silentServer,
  talkingServer,
} from '../reporters/sample-report.ts';
import { lastchunk } from './child-process.ts';

const reportOf = (server: ServerReport, change: Partial<Report> = {}) =>
  renderJson(sampleReport([server], change), { words: sampleWords });

const reports = {
  'raw/a/0.2.87.json': reportOf(silentServer('0.2.87', 80)),
  'raw/a/0.3.36.json': reportOf(silentServer('0.3.36', 80)),
  'raw/b/b6000.json': reportOf(talkingServer()),
};
const notes = JSON.stringify({
  kind: 'lastchunk-faults',
  schemaVersion: 1,
  product: 'llama-cpp-python',
  faults: [{ check: 'usage-present', report: { link: null, searched: '2026-01-02' } }],
});

test('a folder, a glob and files give the same table, in each format', async () => {
  const cwd = folderWith(reports);
  const run = (...args: string[]) => lastchunk(['matrix', ...args], { cwd });
  const [folder, glob, files] = await Promise.all([
    run('raw'),
    run('raw/*/*.json'),
    run('raw/b/b6000.json', 'raw/a/0.3.36.json', 'raw/a/0.2.87.json'),
  ]);
  expect([folder.code, folder.stderr]).toEqual([0, '']);
  expect(folder.stdout).toContain('3 versions of 2 products');
  expect(folder.stdout).toContain('0.2.87 … 0.3.36 (2)');
  expect([glob.stdout, files.stdout]).toEqual([folder.stdout, folder.stdout]);
  const [json, markdown, html] = await Promise.all(
    ['json', 'markdown', 'html'].map((format) => run('raw', '--format', format)),
  );
  expect(JSON.parse(json?.stdout ?? '')).toMatchObject({
    products: [{ id: 'llama-cpp-python' }, { id: 'llama.cpp' }],
  });
  expect(markdown?.stdout).toMatch(/^# /);
  expect(html?.stdout).toMatch(/^<!doctype html>[\s\S]*<\/html>\n$/);
});

test('records that are kept give the same table as the reports, and are written the same each time', async () => {
  const cwd = folderWith(reports);
  const run = (...args: string[]) => lastchunk(['matrix', ...args], { cwd });
  const saved = await run('raw', '--save', 'records');
  expect([saved.code, saved.stdout, saved.stderr]).toEqual([0, '3 records in records\n', '']);
  const files = () =>
    readdirSync(join(cwd, 'records'), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => [name, readFileSync(join(parentPath, name), 'utf8')] as const)
      .sort(([a], [b]) => (a < b ? -1 : 1));
  const once = files();
  expect(once.map(([name]) => name)).toEqual(['0.2.87.json', '0.3.36.json', 'b6000.json']);
  for (const [name, text] of once) expect(Buffer.byteLength(text), name).toBeLessThan(16 * 1024);
  await run('raw', '--save', 'records');
  expect(files()).toEqual(once);
  // From records as well.
  await run('records', '--save', 'records');
  expect(files()).toEqual(once);
  for (const format of ['json', 'html'])
    expect((await run('records', '--format', format)).stdout).toBe(
      (await run('raw', '--format', format)).stdout,
    );
});

test('of a version that was measured twice the later is kept, whatever is read first', async () => {
  const [early, late] = ['2026-01-02T00:00:00.000Z', '2026-01-03T00:00:00.000Z'].map((startedAt) =>
    reportOf(silentServer('0.2.87', 80), { startedAt }),
  );
  const cwd = folderWith({ 'a.json': late ?? '', 'b.json': early ?? '' });
  const saved = await lastchunk(['matrix', 'a.json', 'b.json', '--save', 'records'], { cwd });
  expect(saved.stdout).toBe('1 record in records\n');
  const kept = readFileSync(join(cwd, 'records/llama-cpp-python/0.2.87.json'), 'utf8');
  expect(JSON.parse(kept)).toMatchObject({ measured: { at: '2026-01-03T00:00:00.000Z' } });
});

test('--product chooses', async () => {
  const cwd = folderWith(reports);
  const chosen = await lastchunk(['matrix', 'raw', '--product', 'llama-*'], { cwd });
  expect([chosen.code, chosen.stdout.includes('llama.cpp')]).toEqual([0, false]);
  const none = await lastchunk(['matrix', 'raw', '--product', 'vllm'], { cwd });
  expect([none.code, none.stdout, none.stderr.split('\n').length]).toEqual([2, '', 2]);
});

test('files are written, and a page links to the tickets beside it', async () => {
  const cwd = folderWith({ ...reports, 'raw/a/faults.json': notes });
  const outputs = ['html=docs/matrix.html', 'markdown=docs/matrix.md', 'json=m.json', 'issue=docs/tickets'];
  const { code, stderr } = await lastchunk(
    ['matrix', 'raw', ...outputs.flatMap((output) => ['--output', output])],
    { cwd },
  );
  expect([code, stderr]).toEqual([0, '']);
  const [ticket = '', ...more] = readdirSync(join(cwd, 'docs/tickets'));
  expect([ticket, more]).toEqual(['llama-cpp-python--usage-present-absent.md', []]);
  expect(readFileSync(join(cwd, 'docs/matrix.html'), 'utf8')).toContain(`href="tickets/${ticket}"`);
  expect(readFileSync(join(cwd, 'docs/matrix.md'), 'utf8')).toContain(`](tickets/${ticket})`);
  expect(JSON.parse(readFileSync(join(cwd, 'm.json'), 'utf8'))).toHaveProperty('products');
});

test('what was not asked the same is refused, unless it is wanted', async () => {
  const cwd = folderWith({ ...reports, 'raw/c.json': reportOf(talkingServer(), { suite: 'smoke' }) });
  const refused = await lastchunk(['matrix', 'raw'], { cwd });
  expect([refused.code, refused.stdout, refused.stderr.split('\n').length]).toEqual([2, '', 2]);
  expect(refused.stderr).toContain('--mixed');
  expect((await lastchunk(['matrix', 'raw', '--mixed'], { cwd })).code).toBe(0);
});

test('a run that was broken off is left out, and told', async () => {
  const halted = sampleServer({ halt: { kind: 'interrupted', message: 'interrupted' } });
  const cwd = folderWith({ ...reports, 'raw/c.json': reportOf(halted) });
  const { code, stdout, stderr } = await lastchunk(['matrix', 'raw'], { cwd });
  expect([code, stdout.includes('3 versions')]).toEqual([0, true]);
  expect(stderr).toContain('was broken off, and is left out');
  const alone = await lastchunk(['matrix', 'raw/c.json'], { cwd });
  expect([alone.code, alone.stdout]).toEqual([2, '']);
});

const record = { kind: 'lastchunk-record', schemaVersion: 1, product: 'toy', version: '1' };
test.each([
  ['no file', ['none.json'], /none\.json: no such file/],
  ['an empty folder', ['empty'], /empty: no JSON file there/],
  ['a glob that fits nothing', ['x*.json'], /x\*\.json: no JSON file there/],
  ['no JSON', ['text.json'], /text\.json: not JSON/],
  ['no report', ['object.json'], /object\.json: JSON, but no report/],
  ['a record with wrong fields', ['record.json'], /record\.json: not as lastchunk writes it/],
  ['notes with wrong fields', ['notes.json'], /notes\.json: not as lastchunk writes it \("faults"/],
  ['an unknown format', ['raw', '--format', 'xml'], /unknown format "xml"/],
  ['an unknown output', ['raw', '--output', 'xml=a'], /unknown format "xml"/],
  ['an output without a file', ['raw', '--output', 'html'], /write FORMAT=FILE/],
])('%s is told in one line', async (_, args, words) => {
  const cwd = folderWith({
    ...reports,
    'empty/x.txt': '',
    'text.json': 'no',
    'object.json': '{}',
    'record.json': JSON.stringify({ ...record, state: 'measured', results: 7 }),
    'notes.json': JSON.stringify({ kind: 'lastchunk-faults', schemaVersion: 1, product: 'a', faults: 3 }),
  });
  const { code, stdout, stderr } = await lastchunk(['matrix', ...args], { cwd });
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(words);
  expect(stderr.split('\n')).toHaveLength(2);
});

test('an output that can not be written is told, and the rest is still done', async () => {
  const cwd = folderWith(reports);
  const shown = await lastchunk(
    ['matrix', 'raw', '--output', 'html=raw/a/0.2.87.json/x', '--output', 'json=m.json'],
    { cwd },
  );
  expect([shown.code, shown.stderr.split('\n').length]).toEqual([3, 2]);
  expect(shown.stdout).toContain('3 versions');
  expect(readdirSync(cwd)).toContain('m.json');
  const saved = await lastchunk(['matrix', 'raw', '--save', 'raw/a/0.2.87.json'], { cwd });
  expect([saved.code, saved.stdout, saved.stderr.split('\n').length]).toEqual([3, '', 2]);
});

test('no version names a file outside of the folder of records', async () => {
  const named = { product: '../../out', version: '/etc/../passwd' };
  const cwd = folderWith({ 'a/b/r.json': reportOf({ ...talkingServer(), ...named }) });
  await lastchunk(['matrix', 'a/b/r.json', '--save', 'a/b/records'], { cwd });
  expect(readdirSync(cwd)).toEqual(['a']);
  expect(readdirSync(join(cwd, 'a/b/records'), { recursive: true })).toHaveLength(2);
});
