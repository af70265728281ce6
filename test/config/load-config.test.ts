import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { NEWEST_CATALOGUE } from '../../src/checks/catalogue.ts';
import { findConfig } from '../../src/config/find-config.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { configJsonSchema } from '../../src/config/schema.ts';
import { folderWith } from './temporary.ts';

const schemaFile = new URL('../../docs/lastchunk.schema.json', import.meta.url);
const shipped = `${JSON.stringify(configJsonSchema(), null, 2)}\n`;

const bySchema = new Ajv({ strict: false }).compile(JSON.parse(shipped));

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

test('docs/lastchunk.schema.json is the schema (npm test writes it anew)', () => {
  expect(readFileSync(schemaFile, 'utf8')).toBe(shipped);
});

test('the shape of the contract is read, its paths relative to the file', () => {
  const { folder, config } = load(contract);
  expect(config.settings).toEqual({
    suite: 'standard',
    only: [],
    skip: [],
    timeout: 120_000,
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
  expect(bySchema(parse(contract)), JSON.stringify(bySchema.errors)).toBe(true);
});

const one = (server: string) => `servers:\n  - ${server}\n`;

test.each([
  ['suite: standrd', 'suite: 3', 'timeout: soon', 'timeout: 0', 'timeout: -1', 'timeout: 1e9', 'timeout:'],
  ['strict: yes', 'only: usage-*', 'only: [""]', 'skip: [3]', 'seed: 1.5', 'repeat: 0', 'concurrency: 65'],
  ['outputs: { jnit: x }', 'outputs: { junit: "" }', 'outputs: []', 'catalogue: 0', 'format: yaml'],
  ['api: chat', 'body: 3', 'failOn: never', 'baseline: ""', 'servers:', 'servrs: []', 'referenceServer: x'],
  [one('{}'), one('x'), one('{ url: "h:80" }'), one('{ url: "ftp://h" }'), one('{ url: "" }')],
  [one('{ url: "http://h", headers: { "a b": c } }'), one('{ url: "http://h", headers: { a: 3 } }')],
  [one('{ url: "http://h", profile: vlm }'), one('{ url: "http://h", apiKeyEnv: "sk-a" }'), '[]', ''],
])('the shipped schema refuses what is refused: %s …', (...texts) => {
  for (const text of texts) {
    expect(errorOf(text), text).toContain('lastchunk.yaml:');
    expect(bySchema(parse(text)), text).toBe(false);
  }
});

test.each([
  [
    '{}',
    'servers: []',
    'timeout: "2m"',
    'wait: 0',
    'catalogue: latest',
    'body: { a: [1, null, { b: true }] }',
  ],
  ['suite: ${S}', 'concurrency: ${N}', 'seed: "${N}"', 'strict: ${T}', 'timeout: ${N}', 'api: ["${A}"]'],
  [one('{ url: "${U}/v1", model: "${S}", headers: { x-key: "${S}" } }'), one('{ url: "HTTPS://h" }')],
  [one('{ url: "http://h", reference: "endpoint,forced", tokenizer: a.gguf }'), 'reference: none'],
])('and takes what is taken: %s …', (...texts) => {
  const environment = { S: 'smoke', N: '4', T: 'true', A: 'chat', U: 'http://h' };
  for (const text of texts) {
    expect(errorOf(text, environment), text).toBe('no error');
    expect(bySchema(parse(text)), text).toBe(true);
  }
});

test('a variable is read as what is meant there', () => {
  const text = 'concurrency: ${N}\nstrict: ${T}\nservers: [ { url: "http://h", model: "${N}" } ]\n';
  const { config } = load(text, { N: '4', T: 'false' });
  expect(config.settings).toMatchObject({ concurrency: 4, strict: false });
  expect(config.servers[0]?.model).toBe('4');
});

test('what servers have in common may be merged, and a .yml is found', () => {
  const text = `
servers:
  - &first { name: a, url: "http://h", headers: { x: y }, tokenizer: t.gguf }
  - { <<: *first, name: b }
`;
  const { folder, config } = load(text, {}, 'lastchunk.yml');
  expect(config.servers).toMatchObject([{}, { name: 'b', url: 'http://h', headers: { x: 'y' } }]);
  expect(config.servers[1]?.tokenizer).toBe(join(folder, 't.gguf'));
  expect(findConfig(folder)).toBe(join(folder, 'lastchunk.yml'));
});

test('a catalogue that is not there is refused, and the newest named', () => {
  const latest = `(the newest is ${NEWEST_CATALOGUE})`;
  for (const text of ['catalogue: 99', 'catalogue: "99"', 'catalogue: 1.5', 'catalogue: newest'])
    expect(errorOf(text), text).toContain(latest);
  for (const text of ['catalogue: 1', 'catalogue: "1"', `catalogue: ${NEWEST_CATALOGUE}`])
    expect(errorOf(text), text).toBe('no error');
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
    'a key that is mistyped and therefore lacks',
    'servers:\n  - name: a\n    ulr: http://h\n',
    'lastchunk.yaml:3: servers[0].ulr: unknown key; did you mean "url"? (and 1 more)',
  ],
  [
    'an alias of nothing',
    'suite: smoke\nservers:\n  - *nope\n',
    'lastchunk.yaml:3: servers[0]: not valid YAML: *nope without an anchor &nope above it',
  ],
  [
    'an anchor that holds itself',
    'body: &a { x: *a }\n',
    'lastchunk.yaml: not valid YAML: an anchor (&) that holds itself',
  ],
  [
    'a file for stdout',
    'outputs: { json: "-" }\n',
    'lastchunk.yaml:1: outputs.json: expected a file; for stdout write format',
  ],
  [
    'a field that the cases differ in',
    'body:\n  user: me\n  stream: false\n',
    'lastchunk.yaml:1: body: "stream" is what the cases differ in; leave it out',
  ],
  [
    'an unknown key like nothing',
    'servers:\n  - { url: "http://a", zzzzzz: 1 }\n',
    'lastchunk.yaml:2: servers[0].zzzzzz: unknown key; known are name, url,',
  ],
  [
    'a wrong type',
    'timeout: [1]\n',
    'lastchunk.yaml:1: timeout: expected seconds (more than 0), or 500ms, 5s, 2m; at most a day, found a list',
  ],
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
  ['a time', 'timeout: soon\n', 'lastchunk.yaml:1: timeout: expected seconds (more than 0), or 500ms'],
  ['an unknown format', 'outputs:\n  junitt: a.xml\n', 'lastchunk.yaml:2: outputs.junitt: '],
  ['no YAML', 'servers: [\n', 'not valid YAML'],
  ['nothing', '', 'lastchunk.yaml:1: expected a mapping (key: value), found nothing'],
  ['a key twice', 'suite: smoke\nsuite: full\n', 'lastchunk.yaml:2: suite: this key stands here twice'],
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
  [
    'a key for its variable',
    one('{ url: "http://a", apiKeyEnv: "sk-1" }'),
    'lastchunk.yaml:2: servers[0].apiKeyEnv: expected the name of',
  ],
  [
    'an unknown format',
    'outputs: { jnit: x }\n',
    'lastchunk.yaml:1: outputs.jnit: unknown key; did you mean "junit"?',
  ],
  [
    'a mistyped glob',
    'skip: [usage-presnt]\n',
    'lastchunk.yaml:1: skip[0]: matches no check and no case; did you mean "usage-present"?',
  ],
  [
    'a number out of range',
    'repeat: 0\n',
    'lastchunk.yaml:1: repeat: expected a whole number from 1 to 100000',
  ],
  ['an unknown tag', 'suite: !x smoke\n', 'lastchunk.yaml:1: not valid YAML: Unresolved tag: !x'],
  [
    'two documents',
    'suite: smoke\n---\nsuite: full\n',
    'lastchunk.yaml:2: not valid YAML: more than one document',
  ],
  [
    'very many aliases',
    `body:\n  a: &a x\n  l:\n${'    - *a\n'.repeat(100_000)}`,
    'lastchunk.yaml:104: not valid YAML: over 100 aliases (*)',
  ],
  [
    'aliases that multiply',
    `body: { a: &a [${'1,'.repeat(20_000)}], b: &b [${'*a,'.repeat(9)}], c: [${'*b,'.repeat(9)}] }`,
    'lastchunk.yaml: not valid YAML: over 100000 values',
  ],
  [
    'a very long list',
    `body: { a: [\n ${'1,'.repeat(500_000)}] }`,
    'lastchunk.yaml:2: not valid YAML: more in it than a config file has',
  ],
  [
    'very many globs',
    `skip: [${'"usage-*",'.repeat(1001)}]`,
    'lastchunk.yaml:1: skip: expected at most 1000 globs',
  ],
  ['keys within keys', `${'? '.repeat(40_000)}a`, 'lastchunk.yaml:1: not valid YAML: nested too deeply'],
  [
    'lists within lists',
    `body:\n ${'- '.repeat(5000)}a`,
    'lastchunk.yaml:2: not valid YAML: nested too deeply',
  ],
  ['very large a file', `# ${'a'.repeat(2_000_000)}`, 'lastchunk.yaml: too large to be a config file'],
  ['a deep nest', `body: ${'['.repeat(20_000)}`, 'lastchunk.yaml:1: not valid YAML: nested too deeply'],
  [
    'words parted otherwise',
    'fail-on: warn\n',
    'lastchunk.yaml:1: fail-on: unknown key; did you mean "failOn"?',
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

test('marks in a text are no marks', () => {
  const text = `${'*a [{ - ? '.repeat(500)}`;
  const { config } = load(`body:\n  a: "${text}"\n  b: |\n    ${text}\n`);
  expect(config.settings.body).toEqual({ a: text, b: `${text.trimEnd()} \n` });
});

test('variables do not make a file large', () => {
  const text = `body: [${'"${LONG}",'.repeat(3000)}]`;
  expect(errorOf(text, { LONG: 'a'.repeat(1000) })).toContain(
    'lastchunk.yaml:1: body[1000]: variables put over 1000000 characters into this file',
  );
});

test('each of very many things that are wrong is found quickly', () => {
  const headers = Array.from({ length: 30_000 }, (_, at) => `"a ${at}": b`).join(', ');
  expect(errorOf(`servers:\n  - url: http://a\n    headers: { ${headers} }\n`)).toContain(
    'lastchunk.yaml:3: servers[0].headers["a 0"]: expected the name of a header (and 29999 more)',
  );
});

test('values of the environment are not shown in errors', () => {
  expect(
    errorOf('servers:\n  - { url: "http://a", profile: x, headers: { x: "${KEY}" } }\n', { KEY: 'sec\nret' }),
  ).not.toContain('sec');
});

test.each([
  [
    'servers:\n  - { url: "http://u:${PASS}@h:99999" }\n',
    '"http://u:${PASS}@h:99999": no server URL: write e.g. ',
  ],
  ['servers:\n  - { url: "${PASS}" }\n', '"${PASS}": no server URL: it has no scheme'],
  ['referenceServer: "htp://${PASS}"\n', '"htp://${PASS}": no server URL: its scheme is not supported'],
  ['suite: ${NEAR}\n', 'suite: expected smoke, standard, full, found "${NEAR}"'],
  ['only: ["${GLOB}"]\n', '"${GLOB}": matches no check and no case'],
  ['reference: "${NEAR}"\n', '"${NEAR}": expected auto, none, '],
  [
    'servers:\n  - { name: "x${PASS}", url: "http://a" }\n  - { name: "x${PASS}", url: "http://b" }\n',
    '"x${PASS}" is taken by another server',
  ],
  [
    'servers:\n  - { url: "http://${HOST}" }\n  - { url: "http://${HOST}" }\n',
    '"http://${HOST}" is taken by another server',
  ],
  [
    'servers:\n  - { name: &n "x${PASS}", url: "http://a" }\n  - { name: *n, url: "http://b" }\n',
    '"x${PASS}" is taken by another server',
  ],
])('an error of %j shows the text as written', (text, message) => {
  const environment = { PASS: 'pa/ss"wörd', NEAR: 'standrd', GLOB: 'usage-presnt', HOST: 'My-Host.example' };
  const error = errorOf(text, environment);
  expect(error).toContain(message);
  for (const [name, value] of Object.entries(environment)) {
    expect(error, name).not.toContain(value);
    expect(error, name).not.toContain(JSON.stringify(value).slice(1, -1));
  }
  expect(error).not.toMatch(/did you mean|my-host/);
});

test('errors that come later show it as written, too', () => {
  const { config, folder } = load('baseline: "${DIR}/b.yaml"\ntokenizer: "${FILE}"\n', {
    DIR: '../hidden/',
    FILE: 'hidden.gguf',
  });
  expect(config.asWritten(`${config.settings.baseline}: no such file`)).toMatch(
    /^\S+\$\{DIR\}\/b\.yaml: no such file$/,
  );
  expect(config.asWritten(`${folder}/hidden.gguf is none`)).toBe(`${folder}/\${FILE} is none`);
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
