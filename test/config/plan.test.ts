/** The command line over the config file, without a run. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { loadConfig } from '../../src/config/load-config.ts';
import { outputsOf } from '../../src/config/outputs.ts';
import { type PlanFlags, plannedServers, planRun, runSettings } from '../../src/config/plan.ts';
import { referencesOver } from '../../src/config/references.ts';
import { defaultSettings } from '../../src/config/run-settings.ts';
import { headersOf } from '../../src/config/servers.ts';
import { folderWith } from './temporary.ts';

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

const config = loadConfig(join(cwd, 'lastchunk.yaml'), {});

async function plan(said: readonly string[], flags: PlanFlags = {}) {
  const servers = await plannedServers(said, flags, config);
  return { servers, ...(await planRun(flags, config)), names: servers.map(({ target }) => target.name) };
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
] as const)('%j with %j checks %j', async (said, { label }: { label?: readonly string[] }, names) => {
  const planned = await plan(said, label === undefined ? {} : { label: [...label] });
  expect(planned.names).toEqual(names);
});

test('flags win over each key of the file', async () => {
  const { run, baseline } = await plan([]);
  expect(run).toMatchObject({ strict: true, confirm: false });
  expect(baseline).toBe(join(cwd, 'b.yaml'));
  const said = { strict: false, confirm: true };
  const flags = { ...said, baseline: false as const, model: 'x', profile: 'openai', timeout: '5' };
  const over = await plan([], { ...flags, label: ['other 2=http://a'] });
  expect(over.run).toMatchObject({ ...said, timeoutMs: 5000 });
  expect(over.baseline).toBe(false);
  expect(over.servers.map(({ target }) => target)).toMatchObject([
    { model: 'x', profile: 'openai', label: { product: 'other', version: '2' } },
    { model: 'x', profile: 'openai' },
  ]);
});

test('a flag and a key that say the same come to the same', async () => {
  const folder = folderWith({
    'lastchunk.yaml': `api: [completions]
suite: full
only: ["usage-*"]
timeout: 500ms
maxDuration: 2m
wait: 1.5
concurrency: 2
seed: "7"
confirm: false
repeat: 3
strict: true
failOn: warn
catalogue: 1
body: { a: 1 }
reference: "forced, ids"
format: json
outputs: { junit: /a.xml }
`,
  });
  const flags = {
    api: ['completions'],
    suite: 'full',
    only: ['usage-*'],
    timeout: '500ms',
    maxDuration: '2m',
    wait: '1.5',
    concurrency: '2',
    seed: '7',
    confirm: false,
    repeat: '3',
    strict: true,
    failOn: 'warn',
    catalogue: '1',
    body: '{"a":1}',
    reference: 'forced,ids',
    format: 'json',
    output: ['junit=/a.xml'],
  };
  const byFile = await planRun({}, loadConfig(join(folder, 'lastchunk.yaml'), {}));
  const { settings, run, ...byFlags } = await planRun(flags);
  const { outputs: _, ...said } = byFile.settings;
  expect(settings).toEqual(said);
  const plain = { ...run, selection: null };
  expect(plain).toEqual({ ...byFile.run, selection: null });
  expect(plain).toMatchObject({ timeoutMs: 500, waitMs: 1500, seed: 7, body: { a: 1 } });
  expect(byFlags).toMatchObject({ maxDurationMs: 120_000, outputs: byFile.outputs });
});

test.each([
  [{ suite: 'x' }, 'unknown suite "x": write smoke, standard, full'],
  [{ api: ['chat', 'x'] }, 'unknown API "x": write chat, completions'],
  [{ timeout: '0' }, '--timeout 0: write more than 0 seconds'],
  [{ maxDuration: 'x' }, '--max-duration "x": write seconds, or 500ms, 5s, 2m; at most a day'],
  [{ wait: '2d' }, '--wait "2d": write seconds, or 500ms, 5s, 2m; at most a day'],
  [{ concurrency: '65' }, '--concurrency "65": write a whole number from 1 to 64'],
  [{ seed: '-1' }, '--seed "-1": write a whole number from 0 to 2147483647'],
  [{ repeat: '1.5' }, '--repeat "1.5": write a whole number from 1 to 100000'],
  [{ failOn: 'x' }, '--fail-on "x": write fail or warn'],
  [{ catalogue: '99' }, '--catalogue "99": there is no such catalogue; write latest, or a number up to '],
  [{ body: '[1]' }, `--body: write a JSON object, e.g. '{"enable_thinking":false}'`],
  [{ body: '{' }, `--body: write a JSON object, e.g. '{"enable_thinking":false}'`],
  [{ reference: 'ids,x' }, '--reference: "x" is no source of reference counts; write auto, none or some of '],
  [{ reference: '' }, '--reference: no source is named; write auto, none or some of '],
  [{ referenceServer: 'nowhere' }, 'has no scheme'],
  [{ profile: 'x' }, 'unknown profile "x": write openai, '],
  [{ format: 'x' }, '--format: unknown format "x"; write table, json, junit, markdown, github, html'],
  [{ only: ['x-y'] }, '--only "x-y" matches no check and no case'],
  [{ only: ['max-completion-tokens'] }, 'no case; did you mean "*/max-completion-tokens"?'],
  [{ only: ['max-completon-tokens'] }, 'no case; did you mean "*/max-completion-tokens"?'],
  [{ only: ['usage-presnt'] }, 'no case; did you mean "usage-present"?'],
  [{ cacert: '/nowhere' }, '--cacert /nowhere: no such file'],
])('%j is refused in the words of flags', async (flags, message) => {
  await expect(planRun(flags)).rejects.toThrow(message);
});

test('what counts are compared with: by flag, by server, by file', async () => {
  const tokenizer = join(cwd, 't.gguf');
  const [forced, endpoint] = [{ sources: ['forced'] as const }, { sources: ['endpoint'] as const }];
  const of = async (flags: PlanFlags) => (await plan([], flags)).servers.map(({ references }) => references);
  expect(await of({})).toEqual([{ tokenizer }, { reference: null }]);
  expect(await of({ tokenizer: 'u' })).toEqual([{ tokenizer: 'u' }, { tokenizer: 'u' }]);
  expect(await of({ reference: 'none' })).toEqual([{ reference: null }, { reference: null }]);
  expect(await of({ reference: 'forced' })).toEqual([{ reference: forced }, { reference: forced }]);
  expect(referencesOver({ reference: endpoint }, { referenceServer: 'http://c' })).toEqual({
    reference: endpoint,
  });
  const both = { reference: { sources: ['tokenizer', 'server'] as const }, tokenizer: 't' };
  expect(referencesOver({}, both)).toEqual(both);
});

test('a mistyped name is told from a URL', async () => {
  await expect(plan(['onee'])).rejects.toThrow(/lastchunk\.yaml has no server "onee"; did you mean "one"\?$/);
  await expect(plan(['zzzz'])).rejects.toThrow(/known are one, two; a URL begins with http:\/\/$/);
});

test('a key that is given for the name of its variable is not shown', () => {
  expect(() => headersOf({ apiKeyEnv: 'sk-12345' })).toThrow('write the name of an environment variable');
});

test('no file is written twice, and the baseline is none of them', () => {
  const outputs = (...output: string[]) => outputsOf({ output, baseline: 'b.yaml' });
  expect(() => outputs('json=a', 'junit=./a')).toThrow('two reports for ./a');
  expect(() => outputs('json=b.yaml')).toThrow('b.yaml is the baseline');
  expect(outputs('json=/dev/stderr', 'github=/dev/stderr').files).toHaveLength(2);
});

test.each(['{"max_tokens":4}', '{"stream_options":{"continuous_usage_stats":true}}', '{"n":2}'])(
  '--body %s is refused: the cases differ in it',
  async (body) => {
    await expect(planRun({ body })).rejects.toThrow(/is what the cases differ in; leave it out$/);
    const accepted = await planRun({ body: '{"enable_thinking":false}' });
    expect(accepted.run.body).toEqual({ enable_thinking: false });
  },
);

test('what is left out is as a program leaves it out', () => {
  expect({ ...runSettings({}), seed: 0, selection: null }).toEqual({
    ...defaultSettings(),
    seed: 0,
    selection: null,
  });
});
