/** The command line over the config file, without a run. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type CheckFlags, settingsOf } from '../../src/cli/check-flags.ts';
import { outputsOf } from '../../src/cli/outputs.ts';
import { planned } from '../../src/cli/planned.ts';
import { referencesOver } from '../../src/cli/reference-flags.ts';
import { headersOf } from '../../src/cli/server-flags.ts';

const file = `
servers:
  - { name: one, url: "http://a", label: "my-server 1.4", profile: vllm, tokenizer: t.gguf }
  - { name: two, url: "http://b", model: m, reference: none }
strict: true
confirm: false
baseline: b.yaml
reference: endpoint
`;
const cwd = mkdtempSync(join(tmpdir(), 'lastchunk-'));
writeFileSync(join(cwd, 'lastchunk.yaml'), file);
afterAll(() => rmSync(cwd, { recursive: true }));

const defaults: CheckFlags = {
  config: join(cwd, 'lastchunk.yaml'),
  suite: 'standard',
  timeout: '120',
  wait: '0',
  concurrency: '1',
  confirm: true,
  catalogue: '1',
  format: 'table',
  reference: 'auto',
  color: true,
};

function plan(said: readonly string[], flags: Partial<CheckFlags> = {}) {
  const given = (flag: keyof CheckFlags) => Object.hasOwn(flags, flag);
  const { servers, flags: merged } = planned(said, { ...defaults, ...flags }, given);
  return { servers, merged, names: servers.map(({ target }) => target.name) };
}

test.each([
  [[], {}, ['one', 'two']],
  [['two', 'one'], {}, ['one', 'two']],
  [['two'], {}, ['two']],
  [['http://c'], {}, ['c']],
  [['two', 'http://c'], {}, ['two', 'c']],
  [[], { label: ['next 2=http://c'] }, ['next 2']],
  [[], { label: ['next 2=http://a'] }, ['one', 'two']],
  [['one'], { label: ['next 2=http://a'] }, ['one']],
  [['http://a'], { label: ['next 2=http://a'] }, ['next 2']],
] as const)('%j with %j checks %j', (said, { label }: { label?: readonly string[] }, names) => {
  expect(plan(said, label === undefined ? {} : { label: [...label] }).names).toEqual(names);
});

test('flags win over each key of the file', () => {
  expect(plan([]).merged).toMatchObject({ strict: true, confirm: false, baseline: join(cwd, 'b.yaml') });
  const flags = { strict: false, confirm: true, baseline: false as const, model: 'x', profile: 'openai' };
  const { merged, servers } = plan([], { ...flags, label: ['other 2=http://a'] });
  expect(merged).toMatchObject(flags);
  expect(servers.map(({ target }) => target)).toMatchObject([
    { model: 'x', profile: 'openai', label: { product: 'other', version: '2' } },
    { model: 'x', profile: 'openai' },
  ]);
});

test('what counts are compared with: by flag, by server, by file', () => {
  const tokenizer = join(cwd, 't.gguf');
  const of = (flags: Partial<CheckFlags>) => plan([], flags).servers.map(({ references }) => references);
  expect(of({})).toEqual([{ tokenizer }, { reference: 'none' }]);
  expect(of({ tokenizer: 'u' })).toEqual([{ tokenizer: 'u' }, { tokenizer: 'u' }]);
  expect(of({ reference: 'none' })).toEqual([{ reference: 'none' }, { reference: 'none' }]);
  expect(referencesOver({ reference: 'endpoint' }, { referenceServer: 'http://c' })).toEqual({
    reference: 'endpoint',
  });
  expect(referencesOver({}, { reference: 'tokenizer, server', tokenizer: 't' })).toEqual({
    reference: 'tokenizer, server',
    tokenizer: 't',
  });
});

test('a mistyped name is told from a URL', () => {
  expect(() => plan(['onee'])).toThrow(/lastchunk\.yaml has no server "onee"; did you mean "one"\?$/);
  expect(() => plan(['zzzz'])).toThrow(/known are one, two; a URL begins with http:\/\/$/);
});

test('a key that is given for the name of its variable is not shown', () => {
  expect(() => headersOf({ apiKeyEnv: 'sk-12345' })).toThrow('write the name of an environment variable');
});

test('no file is written twice, and the baseline is none of them', () => {
  const outputs = (...output: string[]) => outputsOf({ format: 'table', output, baseline: 'b.yaml' });
  expect(() => outputs('json=a', 'junit=./a')).toThrow('two reports for ./a');
  expect(() => outputs('json=b.yaml')).toThrow('b.yaml is the baseline');
  expect(outputs('json=/dev/stderr', 'github=/dev/stderr').files).toHaveLength(2);
});

test.each(['{"max_tokens":4}', '{"stream_options":{"continuous_usage_stats":true}}', '{"n":2}'])(
  '--body %s is refused: the cases differ in it',
  (body) => {
    const flags = {
      suite: 'smoke',
      timeout: '1',
      wait: '0',
      concurrency: '1',
      catalogue: '1',
      confirm: true,
    };
    expect(() => settingsOf({ ...flags, body })).toThrow(/is what the cases differ in; leave it out$/);
    expect(settingsOf({ ...flags, body: '{"enable_thinking":false}' }).body).toEqual({
      enable_thinking: false,
    });
  },
);
