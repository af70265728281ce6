import { join } from 'node:path';
import { expect, test } from 'vitest';
import { readReport } from '../../src/commands/support/read-report.ts';
import { renderJson } from '../../src/reporters/json.ts';
import { folderWith } from '../config/temporary.ts';
import { sampleReport, sampleResult, sampleServer, sampleWords } from '../reporters/sample-report.ts';

const good = renderJson(sampleReport([sampleServer()]), { words: sampleWords });
const changed = (change: object) => JSON.stringify({ ...JSON.parse(good), ...change });
const twice = [1, 2].map(() => sampleResult('usage-last', 'chat/stream/asked/text'));
const shard = { index: 1, count: 1e9, servers: [], plan: '' };

test('a byte order mark and fields that are not known do no harm', () => {
  const folder = folderWith({ 'a.json': `\ufeff${changed({ later: { than: 'this' } })}` });
  expect(readReport(join(folder, 'a.json'))).toMatchObject({ exitCode: 0, later: { than: 'this' } });
});

test.each([
  ['no JSON', 'x', 'not JSON; a report is made with --output json=FILE'],
  ['nothing', '', 'not JSON'],
  ['a list', '[]', 'JSON, but no report of lastchunk; one is made with --output json=FILE'],
  ['deep', `${'['.repeat(1e5)}${']'.repeat(1e5)}`, 'nested deeper than 64 levels'],
  ['deep inside', changed({ x: 0 }).replace('"x":0', `"x":${'['.repeat(1e5)}${']'.repeat(1e5)}`), 'deeper'],
  ['a newer one', changed({ schemaVersion: 2 }), 'schemaVersion 2, which a newer lastchunk made'],
  [
    'a wrong type',
    changed({ servers: {} }),
    'no report of lastchunk ("servers" is missing, or not what stands there in one)',
  ],
  ['ever so many shards', changed({ shard }), '("shard.count" is missing, or not what'],
  [
    'a result twice',
    renderJson(sampleReport([sampleServer({ results: twice })]), { words: sampleWords }),
    'several results of usage-last in chat/stream/asked/text',
  ],
])('%s is refused in one line', (_what, text, message) => {
  const file = join(folderWith({ 'a.json': text }), 'a.json');
  expect(() => readReport(file)).toThrow(message);
  expect(() => readReport(file)).toThrow(/^[^\n]*$/);
});

test('no file, and a folder', () => {
  const folder = folderWith({});
  expect(() => readReport(join(folder, '*.json'))).toThrow('*.json: no such file');
  expect(() => readReport(folder)).toThrow("can't be read (EISDIR)");
});
