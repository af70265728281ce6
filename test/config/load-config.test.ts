import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { findConfig, loadConfig } from '../../src/config/load-config.ts';
import { configJsonSchema } from '../../src/config/schema.ts';
import { folderWith } from './temporary.ts';

const schemaFile = new URL('../../docs/lastchunk.schema.json', import.meta.url);
const shipped = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;
if (process.env.LASTCHUNK_WRITE_SCHEMA) writeFileSync(schemaFile, shipped);

const contract = `
servers:
  - { name: staging, url: "http://127.0.0.1:8080", model: m, apiKeyEnv: STAGING_KEY, headers: {}, label: "my-server 1.4" }
suite: standard
only: []
skip: []
timeout: 120
strict: false
baseline: lastchunk-baseline.yaml
outputs: { junit: out/junit.xml, html: out/report.html }
`;

function load(text: string, environment: NodeJS.ProcessEnv = {}, name = 'lastchunk.yaml') {
  const folder = folderWith({ [name]: text });
  return { folder, config: loadConfig(join(folder, name), environment) };
}

/** The error, without the folder. */
function errorOf(text: string, environment: NodeJS.ProcessEnv = {}): string {
  const folder = folderWith({ 'lastchunk.yaml': text });
  try {
    loadConfig(join(folder, 'lastchunk.yaml'), environment);
  } catch (error) {
    return String(error).replaceAll(`${folder}/`, '');
  }
  return 'no error';
}

test('docs/lastchunk.schema.json is the schema (write it with LASTCHUNK_WRITE_SCHEMA=1)', () => {
  expect(readFileSync(schemaFile, 'utf8')).toBe(shipped);
});

test('the shape of the contract is read, its paths relative to the file', () => {
  const { folder, config } = load(contract);
  expect(config.settings).toEqual({
    suite: 'standard',
    only: [],
    skip: [],
    timeout: 120,
    strict: false,
    baseline: join(folder, 'lastchunk-baseline.yaml'),
    outputs: { junit: join(folder, 'out/junit.xml'), html: join(folder, 'out/report.html') },
  });
  expect(config.servers).toMatchObject([
    {
      name: 'staging',
      url: 'http://127.0.0.1:8080',
      model: 'm',
      apiKeyEnv: 'STAGING_KEY',
      label: 'my-server 1.4',
    },
  ]);
});

test('the same as JSON, and both by the shipped schema', () => {
  const { config } = load(JSON.stringify(parse(contract), null, '\t'), {}, 'lastchunk.json');
  expect(config.servers[0]?.name).toBe('staging');
  const valid = new Ajv({ strict: false }).compile(JSON.parse(shipped));
  expect(valid(parse(contract)), JSON.stringify(valid.errors)).toBe(true);
  expect(valid({ server: [] })).toBe(false);
});

test.each([
  [
    'an unknown key',
    'suite: smoke\nservrs: []\n',
    'lastchunk.yaml:2: servrs: unknown key; did you mean "servers"?',
  ],
  [
    'an unknown key of a server',
    'servers:\n  - url: http://a\n    modle: m\n',
    'lastchunk.yaml:3: servers[0].modle: unknown key; did you mean "model"?',
  ],
  [
    'an unknown key like nothing',
    'servers:\n  - { url: "http://a", zzzzzz: 1 }\n',
    'lastchunk.yaml:2: servers[0].zzzzzz: unknown key; known are name, url,',
  ],
  ['a wrong type', 'timeout: [1]\n', 'lastchunk.yaml:1: timeout: expected a number or a text, found a list'],
  [
    'a wrong word',
    '\n\nsuite: standart\n',
    'lastchunk.yaml:3: suite: expected smoke, standard, full; did you mean "standard"?',
  ],
  [
    'a missing key',
    'suite: smoke\nservers:\n  - name: x\n',
    'lastchunk.yaml:3: servers[0].url: is missing; expected a text',
  ],
  ['a text for a truth', 'strict: "yes"\n', 'lastchunk.yaml:1: strict: expected true or false, found a text'],
  [
    'no URL',
    'servers:\n - url: localhost:80\n',
    'lastchunk.yaml:2: servers[0].url: "localhost:80" has no scheme',
  ],
  [
    'a glob that matches nothing',
    'only:\n - usage-*\n - nothing\n',
    'lastchunk.yaml:3: only[1]: matches no check and no case',
  ],
  [
    'a header over two lines',
    'servers:\n  - { url: "http://a", headers: { x: "a\\nb" } }\n',
    'lastchunk.yaml:2: servers[0].headers.x: expected only characters that a header can carry',
  ],
  ['a time', 'timeout: soon\n', 'lastchunk.yaml:1: timeout: expected seconds, or 500ms, 5s, 2m'],
  ['an unknown format', 'outputs:\n  junitt: a.xml\n', 'lastchunk.yaml:2: outputs.junitt: '],
  ['no YAML', 'servers: [\n', 'not valid YAML'],
  ['nothing', '', 'lastchunk.yaml:1: expected a mapping (key: value), found nothing'],
  ['a key twice', 'suite: smoke\nsuite: full\n', 'lastchunk.yaml:2: not valid YAML: Map keys must be unique'],
  [
    'a name twice',
    'servers:\n  - { name: a, url: "http://a" }\n  - { name: a, url: "http://b" }\n',
    'lastchunk.yaml:3: servers[1].name: expected a name of its own; "a" is taken',
  ],
  [
    'a variable that is not set',
    'servers:\n  - url: "${NO_SUCH}"\n',
    'lastchunk.yaml:2: servers[0].url: the environment variable NO_SUCH is not set',
  ],
  ['a variable that can be none', 'baseline: "${A-B}"\n', 'lastchunk.yaml:1: baseline: expected ${NAME}'],
])('%s is one line that names file, line and path', (_what, text, message) => {
  const error = errorOf(text);
  expect(error).toContain(message);
  expect(error).not.toContain('\n');
});

test('the environment is read in values, not in keys, and a doubled $ is meant as it is', () => {
  const { config } = load(
    'servers:\n  - { name: "$${A}", url: "http://${HOST}:${PORT}/v1", headers: { x-key: "${KEY}" } }\n',
    { HOST: 'h', PORT: '81', KEY: 'a: b # c ${HOST}' },
  );
  expect(config.servers[0]).toMatchObject({
    name: '${A}',
    url: 'http://h:81/v1',
    headers: { 'x-key': 'a: b # c ${HOST}' },
  });
});

test('values of the environment are not shown in errors', () => {
  expect(
    errorOf('servers:\n  - { url: "http://a", profile: x, headers: { x: "${KEY}" } }\n', { KEY: 'sec\nret' }),
  ).not.toContain('sec');
});

test('it is found upwards; two in one folder are refused', () => {
  const folder = folderWith({
    'lastchunk.yaml': '{}',
    'a/b/file': '',
    'two/lastchunk.yaml': '{}',
    'two/lastchunk.json': '{}',
  });
  expect(findConfig(join(folder, 'a/b'))).toBe(join(folder, 'lastchunk.yaml'));
  expect(() => findConfig(join(folder, 'two'))).toThrow(/remove one/);
});
