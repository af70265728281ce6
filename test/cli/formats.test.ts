/** Every format at once, of a real run whose server says hostile things and whose baseline is partly stale. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formats } from '../../src/model/report.ts';
import { hostile } from '../reporters/hostile.ts';
import { startServer } from '../servers/model-server.ts';
import { lastchunk } from './child-process.ts';

let folder = '';
let text: Record<string, string> = {};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'lastchunk-'));
  const server = await startServer({
    mapUsage: (usage, context) => (context.mode === 'stream' ? { ...usage, total_tokens: hostile } : usage),
    instead: (context) =>
      context.n > 1 ? { status: 400, body: JSON.stringify({ error: { message: hostile } }) } : undefined,
  });
  const entry = (check: string) =>
    `  - { product: my-server, versions: "1.4.0", check: ${check}, case: "chat/*", reason: "]]> <script>" }\n`;
  writeFileSync(
    join(folder, 'lastchunk.yaml'),
    [
      `servers: [{ name: "a|b", url: "${server.url}", label: "my-server 1.4" }]`,
      'baseline: baseline.yaml',
      `outputs: { ${formats.map((format) => `${format}: out.${format}`).join(', ')} }`,
    ].join('\n'),
  );
  writeFileSync(join(folder, 'baseline.yaml'), `expected:\n${entry('usage-integers')}${entry('stream-end')}`);
  const { code, stderr } = await lastchunk(['check', '--no-confirm'], { cwd: folder });
  await server.close();
  expect([code, stderr.trim().split('\n').length], stderr).toEqual([1, 1]);
  text = Object.fromEntries(
    formats.map((format) => [format, readFileSync(join(folder, `out.${format}`), 'utf8')]),
  );
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test('json is valid by the schema that ships', () => {
  const schema = JSON.parse(
    readFileSync(new URL('../../docs/report.schema.json', import.meta.url), 'utf8'),
  ) as object;
  const valid = new Ajv({ strict: false, validateFormats: false }).compile(schema);
  const report: unknown = JSON.parse(text.json ?? '');
  expect(valid(report), JSON.stringify(valid.errors)).toBe(true);
  expect(report).toMatchObject({
    exitCode: 1,
    baseline: [
      { check: 'usage-integers', state: 'holds' },
      { check: 'stream-end', state: 'stale' },
    ],
  });
});

test('junit is well-formed, its counts true, the stale entry a failure of its own', () => {
  const xml = text.junit ?? '';
  const open: string[] = [];
  for (const [tag, close, name = '', empty] of xml.matchAll(
    /<(\/?)([a-z-]+)(?:\s+[\w-]+="[^"<]*")*\s*(\/?)>/g,
  )) {
    if (close) expect(open.pop(), tag).toBe(name);
    else if (!empty) open.push(name);
  }
  expect(open).toEqual([]);
  expect(xml.replace(/<(?:\?xml|\/?[a-z-]+)(?:\s+[\w-]+="[^"<]*")*\s*[/?]?>/g, '')).not.toMatch(/[<>]/);
  const counted = ['failure', 'error', 'skipped'].map((tag) => xml.split(`<${tag} `).length - 1);
  const suites = [...xml.matchAll(/<testsuite .*?failures="(\d+)" errors="(\d+)" skipped="(\d+)"/g)];
  const said = [1, 2, 3].map((group) => suites.reduce((sum, suite) => sum + Number(suite[group]), 0));
  expect(said).toEqual(counted);
  expect(xml).toContain(`failures="${counted[0]}" errors="${counted[1]}" time=`);
  expect(xml).toMatch(/<testsuite name="baseline" tests="1" failures="1"/);
  expect(xml).toContain('known failure, in the baseline');
});

test('github is one workflow command a line', () => {
  const lines = (text.github ?? '').trimEnd().split('\n');
  for (const line of lines) expect(line).toMatch(/^::(?:error|warning|notice) title=[^:,]+::/);
  expect(lines.some((line) => line.includes('stale in the baseline: stream-end'))).toBe(true);
});

test('markdown tables have as many cells in each row', () => {
  const rows = (text.markdown ?? '').split('\n').filter((line) => line.startsWith('|'));
  expect(rows.length).toBeGreaterThan(3);
  for (const row of rows) expect(row.replaceAll('\\|', '').split('|')).toHaveLength(4);
  const outsideOfCode = text.markdown?.replace(/(`{3,})[\s\S]*?\n\1/g, '').replace(/(`+)[^\n]*?\1/g, '');
  expect(outsideOfCode).not.toMatch(/<script|<img/);
});

test('html and table are whole', () => {
  expect(text.html).toMatch(/^<!doctype html>[\s\S]*<\/html>\s*$/i);
  expect(text.html).not.toContain('<script>alert');
  expect(text.table).toContain('stale in the baseline: stream-end');
});
