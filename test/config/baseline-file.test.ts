import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readBaseline } from '../../src/config/baseline-file.ts';
import { baselineJsonSchema } from '../../src/config/baseline-schema.ts';
import { updateBaseline } from '../../src/config/update-baseline.ts';
import type { Result, ServerReport } from '../../src/report/model.ts';
import { holdAgainst } from '../../src/verdicts/baseline.ts';
import { sampleReport, sampleResult, sampleServer } from '../report/sample-report.ts';
import { folderWith } from './temporary.ts';

const schemaFile = new URL('../../docs/lastchunk-baseline.schema.json', import.meta.url);
const shipped = `${JSON.stringify(baselineJsonSchema(), null, 2)}\n`;
if (process.env.LASTCHUNK_WRITE_SCHEMA) writeFileSync(schemaFile, shipped);

const contract = `expected: [ { product: llama-cpp-python, versions: ">=0.2.84 <0.4.0", check: usage-present, case: "chat/stream/asked/*", reason: known, expires: 2027-06-30, flaky: true } ]
`;

const commented = `# What we know of our servers.
expected:
  # Reported upstream.
  - product: llama-cpp-python
    versions: ">=0.2.84 <0.3.0" # mended in none
    check: usage-present
    case: "chat/stream/asked/*"
    reason: 'no usage at all' # since ever

  # To be looked at again.
  - { product: llama-cpp-python, versions: "0.2.84", check: stream-end, case: "chat/*", reason: gone }
  - { product: vllm, check: usage-last, case: "chat/*", reason: not run here }
`;

const baselineOf = (text: string, name = 'lastchunk-baseline.yaml') =>
  readBaseline(join(folderWith({ [name]: text }), name), false);

function errorOf(text: string): string {
  try {
    baselineOf(text);
  } catch (error) {
    return String(error).replace(/.*lastchunk-baseline/, 'lastchunk-baseline');
  }
  return 'no error';
}

const failing = (...cases: string[]): readonly Result[] =>
  cases.map((key) =>
    sampleResult('usage-present', key, { verdict: 'fail', observed: 'absent in all 14 events' }),
  );

function updated(text: string, servers: readonly ServerReport[], name?: string) {
  const baseline = baselineOf(text, name);
  return updateBaseline(baseline, holdAgainst(sampleReport(servers), baseline.expected, true));
}

test('docs/lastchunk-baseline.schema.json is the schema (write it with LASTCHUNK_WRITE_SCHEMA=1)', () => {
  expect(readFileSync(schemaFile, 'utf8')).toBe(shipped);
  const valid = new Ajv({ strict: false }).compile(JSON.parse(shipped));
  expect(valid(parse(contract)), JSON.stringify(valid.errors)).toBe(true);
});

test('the shape of the contract is read', () => {
  expect(baselineOf(contract).expected).toEqual([
    {
      product: 'llama-cpp-python',
      versions: '>=0.2.84 <0.4.0',
      check: 'usage-present',
      case: 'chat/stream/asked/*',
      reason: 'known',
      expires: '2027-06-30',
      flaky: true,
    },
  ]);
});

const first = '{ product: a, check: usage-present, case: "chat/*", reason: r';
test.each([
  [`expected:\n - ${first}, expire: x }\n`, '2: expected[0].expire: unknown key; did you mean "expires"?'],
  [
    `expected:\n - ${first.replace('usage-present', 'usage-presnt')} }\n`,
    'unknown check; did you mean "usage-present"?',
  ],
  [`expected:\n - ${first.replace('chat/*', 'chats/*')} }\n`, '2: expected[0].case: matches no case'],
  [`expected:\n - ${first}, versions: "0.2 << 0.3" }\n`, '2: expected[0].versions: expected a semver range'],
  [`expected:\n - ${first}, versions: 0.2 }\n`, '2: expected[0].versions: expected a text, found a number'],
  [
    `expected:\n - ${first}, expires: 2027-02-30 }\n`,
    '2: expected[0].expires: expected a date that there is',
  ],
  [`expected:\n - ${first.replace(', reason: r', '')} }\n`, '2: expected[0].reason: is missing'],
])('%j is refused', (text, message) => {
  expect(errorOf(text)).toContain(message);
});

test('an update takes out what is stale, adds what is new, and leaves comments and reasons as they were', () => {
  const results = [
    ...failing('chat/stream/asked/text'),
    sampleResult('stream-end', 'chat/stream/asked/text'),
  ];
  const { text, changes } = updated(commented, [sampleServer({ results })]);
  expect(text).toBe(commented.replace(/\n {2}# To be looked[^\n]*\n[^\n]*reason: gone }\n/, ''));
  expect(changes).toEqual(['taken out: stream-end in chat/* of llama-cpp-python 0.2.84']);
});

test('another version gets an entry of its own: no range is widened', () => {
  const result = sampleResult('usage-present', 'chat/stream/asked/short');
  const results = [...failing('chat/stream/asked/text', 'completions/stream/asked/text'), result];
  const { text, expected } = updated(commented, [
    sampleServer({ version: '0.3.36', results }),
    sampleServer({ results: failing('chat/stream/asked/text') }),
  ]);
  expect(text).toContain('versions: ">=0.2.84 <0.3.0" # mended in none');
  expect(expected.slice(3)).toEqual([
    {
      product: 'llama-cpp-python',
      versions: '0.3.36',
      check: 'usage-present',
      case: 'chat/stream/asked/text',
      reason: 'seen on 2026-01-02: absent in all 14 events',
    },
    expect.objectContaining({ versions: '0.3.36', case: 'completions/stream/asked/text' }),
  ]);
});

test.each([
  [['chat/stream/asked/text', 'chat/stream/asked/short'], [], 'chat/stream/asked/*'],
  [
    ['chat/stream/asked/text', 'chat/stream/asked/short'],
    ['chat/stream/asked/natural'],
    'chat/stream/asked/{text,short}',
  ],
])('%j failing and %j passing are listed as a glob over exactly these', (fails, passes, glob) => {
  const results = [...failing(...fails), ...passes.map((key) => sampleResult('usage-present', key))];
  expect(updated('expected: []\n', [sampleServer({ results })]).expected).toMatchObject([{ case: glob }]);
});

test.each([
  ['llama.cpp', 'b11549', 'b11549'],
  ['my-server', '1.4', '1.4.0'],
  ['xllamacpp', '2026.4.8672.1', '2026.4.8672.1'],
  [null, null, undefined],
])('what fails on %s %s is excused there by the update, and nowhere else', (product, version, versions) => {
  const server = sampleServer({
    name: 'staging',
    product,
    version,
    results: failing('chat/stream/asked/text'),
  });
  const { text, expected } = updated('expected: []\n', [server]);
  expect(expected[0]?.versions).toBe(versions);
  expect(baselineOf(text).expected).toEqual(expected);
  expect(holdAgainst(sampleReport([server]), expected, true).exitCode).toBe(0);
  const next = { ...server, version: '2026.4.8672.2', name: 'other' };
  expect(holdAgainst(sampleReport([next]), expected, true).exitCode).toBe(1);
});

test('what expired is left to a person', () => {
  const lapsed = contract.replace('2027', '2025');
  const { text, changes, expected } = updated(lapsed, [
    sampleServer({ results: failing('chat/stream/asked/text') }),
  ]);
  expect(text).toBe(lapsed);
  expect(expected).toHaveLength(1);
  expect(changes[0]).toContain('left as it is, expired on 2025-06-30');
});

test('a JSON file stays JSON', () => {
  const { text } = updated(
    '{"expected": []}',
    [sampleServer({ results: failing('chat/stream/asked/text') })],
    'b.json',
  );
  expect(JSON.parse(text)).toMatchObject({ expected: [{ check: 'usage-present' }] });
});
