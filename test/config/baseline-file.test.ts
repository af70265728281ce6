import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { readBaseline } from '../../src/config/baseline-file.ts';
import { baselineJsonSchema } from '../../src/config/baseline-schema.ts';
import { updateBaseline } from '../../src/config/update-baseline.ts';
import { withBaseline } from '../../src/judge/baseline.ts';
import type { Result, ServerReport } from '../../src/model/report.ts';
import { renderGithub } from '../../src/reporters/github.ts';
import { renderJunit } from '../../src/reporters/junit/junit.ts';
import { sampleReport, sampleResult, sampleServer } from '../reporters/sample-report.ts';
import { folderWith } from './temporary.ts';

const schemaFile = new URL('../../docs/lastchunk-baseline.schema.json', import.meta.url);
const shipped = `${JSON.stringify(baselineJsonSchema(), null, 2)}\n`;

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
  return updateBaseline(baseline, withBaseline(sampleReport(servers), baseline.expected, true));
}

test('docs/lastchunk-baseline.schema.json is the schema (npm test writes it anew)', () => {
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
  ['my-server', '1.0.0-dev', '1.0.0-dev'],
  ['my-server', '0.3.0rc1', '0.3.0rc1'],
  ['my-server', '1.2.3+b5', '1.2.3+b5'],
  ['my-server', '1.4-rc', '1.4-rc'],
  ['my-server', '2026.04.1', '2026.04.1'],
  ['my-server', '1', '1.0.0'],
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
  expect(withBaseline(sampleReport([server]), expected, true).exitCode).toBe(0);
  const next = { ...server, version: '2026.4.8672.2', name: 'other' };
  expect(withBaseline(sampleReport([next]), expected, true).exitCode).toBe(1);
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

const kept = '{ product: vllm,  check: stream-end,case: "chat/*", reason: here }';
const gone = '{ product: llama-cpp-python, check: stream-end, case: "chat/*", reason: gone }';
const fresh = `product: llama-cpp-python
versions: 0.2.84
check: usage-present
case: chat/stream/asked/text
reason: "seen on 2026-01-02: absent in all 14 events"
`;
const freshItem = (indent: string) => `${indent}- ${fresh.trim().replaceAll('\n', `\n${indent}  `)}\n`;
const mixed = [...failing('chat/stream/asked/text'), sampleResult('stream-end', 'chat/stream/asked/text')];

test.each([
  [
    'items at the margin, comments and texts over several lines',
    `expected:   # all\n# first\n- ${kept}   # x\n\n# goes\n-  ${gone}\n# end\n`,
    `expected:   # all\n# first\n- ${kept}   # x\n${freshItem('')}# end\n`,
  ],
  [
    'a folded text',
    'expected:\n  - product: vllm\n    check: stream-end\n    case: "*"\n    reason: >\n      a\n      b\n',
    `expected:\n  - product: vllm\n    check: stream-end\n    case: "*"\n    reason: >\n      a\n      b\n${freshItem('  ')}`,
  ],
  ['no newline at the end', `expected:\n  - ${kept}`, `expected:\n  - ${kept}\n${freshItem('  ')}`],
  ['nothing that stays', `expected:\n  - ${gone}`, `expected:\n${freshItem('  ')}`],
  [
    'Windows line ends',
    `expected:\r\n  - ${kept}\r\n  - ${gone}\r\n`,
    `expected:\r\n  - ${kept}\r\n${freshItem('  ').replaceAll('\n', '\r\n')}`,
  ],
  [
    'the end of a document',
    `---\nexpected:\n  - ${kept}\n...\n`,
    `---\nexpected:\n  - ${kept}\n${freshItem('  ')}...\n`,
  ],
])('%s: every other letter stays', (_what, before, after) => {
  const server = sampleServer({ results: mixed });
  const { text } = updated(before, [server]);
  expect(text).toBe(after);
  expect(updated(text, [server])).toMatchObject({ text, changes: [] });
});

test('a list in one line stays one', () => {
  const { text } = updated(`expected: [ ${kept}, ${gone} ] # why\n`, [sampleServer({ results: mixed })]);
  expect(text).toMatch(/^expected: \[ \{.*reason: here \}, \{.*events" \} \] # why\n$/);
});

test('an entry that another leans on is told, not broken', () => {
  const text = `expected:\n  - &a ${gone}\n  - { <<: *a, product: vllm }\n`;
  expect(() => updated(text, [sampleServer({ results: mixed })])).toThrow(/expected: .* an anchor/);
});

test('what failed only at times is listed as flaky, apart from what fails each time', () => {
  const [once, always] = failing('chat/stream/asked/text', 'chat/stream/asked/short');
  const times = { pass: 197, fail: 3, warn: 0, skip: 0, error: 0 };
  const results = [{ ...once, confirmed: '1/2', times }, always] as readonly Result[];
  const { expected, changes } = updated('expected: []\n', [sampleServer({ results })]);
  expect(expected).toMatchObject([
    { case: 'chat/stream/asked/text', flaky: true },
    { case: 'chat/stream/asked/short' },
  ]);
  expect(expected[1]?.flaky).toBeUndefined();
  expect(changes[0]).toMatch(/^added: .* \(flaky\)$/);
});

test('where warnings fail the run, they are listed, too', () => {
  const results = [
    sampleResult('usage-null-before', 'chat/stream/asked/text', { verdict: 'warn', observed: 'absent' }),
  ];
  const baseline = baselineOf('expected: []\n');
  const report = sampleReport([sampleServer({ results })], { failOn: 'warn' });
  const { expected } = updateBaseline(baseline, withBaseline(report, [], true));
  expect(expected).toMatchObject([{ check: 'usage-null-before' }]);
  expect(withBaseline(report, [], true).exitCode).toBe(1);
  expect(withBaseline(report, expected, true)).toMatchObject({ exitCode: 0, baseline: [{ state: 'holds' }] });
  expect(renderJunit(report, { words: () => undefined })).toContain('<failure message="absent');
  expect(renderGithub(report, { words: () => undefined, order: [] })).toContain(
    '::error title=usage-null-before',
  );
  const held = withBaseline(report, expected, true);
  expect(renderJunit(held, { words: () => undefined })).not.toContain('<failure');
  const lenient = sampleReport([sampleServer({ results })]);
  expect(withBaseline(lenient, [], true).exitCode).toBe(0);
});
