/** What the documentation tells people to copy: YAML that can be read, commands that there are. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { parseAllDocuments, parseDocument } from 'yaml';
import { commandLine, defined } from '../../src/cli/main.ts';
import { shardOf } from '../../src/commands/support/shard-choice.ts';
import { readBaseline } from '../../src/config/baseline-file.ts';
import { loadConfig } from '../../src/config/load-config.ts';
import { outputsOf } from '../../src/config/outputs.ts';
import { folderWith } from '../config/temporary.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** `lastchunk …` and `node bin/lastchunk.js …` in a text, variables filled in. */
function commandsIn(text: string): string[][] {
  const plain = text.replace(/\\\n */g, '').replace(/\$\{\{[^}]*\}\}|\$\([A-Z_]+\)|\$[A-Z_]+/g, '1');
  const found = plain.matchAll(
    /(?<![\w/.-])(?:npx --yes lastchunk@[\d.]+|node bin\/lastchunk\.js|lastchunk) ((?:check|merge|diff|init|record|replay|count|upgrade|bisect|matrix|explain|list) [^\n`|#]+)/g,
  );
  return [...found].map(([, rest = '']) =>
    // A quote that was never opened ends the line around the command.
    [...rest.replace(/^([^']*)'\s*$/, '$1').matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
      ([, double, single, word]) => double ?? single ?? word ?? '',
    ),
  );
}

const pages = [
  'README.md',
  ...readdirSync(join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const sources = [...pages, ...readdirSync(join(root, 'examples')).map((name) => `examples/${name}`)];
const commands = sources.flatMap((source) =>
  commandsIn(read(source)).map((words) => [source, words.join(' '), words] as const),
);

test('there are commands to look at', () => {
  // The map of the sources, and the page that is made of the records, tell nobody to run anything.
  const silent = ['docs/architecture.md', 'docs/matrix.md'];
  const expected = sources.filter((source) => !silent.includes(source));
  expect(new Set(commands.map(([source]) => source))).toEqual(new Set(expected));
});

test('the README names every command', () => {
  for (const command of commandLine().commands)
    expect(read('README.md')).toMatch(new RegExp(`^\\|.*\`${command.name()}[ \`].*\\|$`, 'm'));
});

test.each(commands)('%s: %s', async (_source, _shown, [name, ...words]) => {
  const command = commandLine().commands.find((one) => one.name() === name);
  if (command === undefined) throw new Error(`no command ${name}`);
  await defined(command);
  const { unknown, operands } = command.parseOptions(words.filter((word) => word !== '…'));
  expect(unknown).toEqual([]);
  const required = command.registeredArguments.filter((argument) => argument.required).length;
  expect(operands.length).toBeGreaterThanOrEqual(required);
  const { shard, output = [] } = command.opts<{ shard?: string; output?: string[] }>();
  if (command.options.some(({ long }) => long === '--output'))
    expect(() => outputsOf({ output })).not.toThrow();
  if (shard !== undefined) expect(shardOf(shard, {}, 1)).not.toBeNull();
});

/** What GitHub's Markdown is linked by: headings, and anchors of its own. */
const anchorsOf = (text: string) => [
  ...[...text.matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\w\s-]/g, '')
      .replaceAll(' ', '-'),
  ),
  ...[...text.matchAll(/<a id="([^"]+)">/g)].map(([, id = '']) => id),
];

test.each([...pages, 'docs/checks/README.md'])('links from %s lead somewhere', (page) => {
  for (const [, link = ''] of read(page).matchAll(/\]\((?!https?:)([^)\s]+)\)/g)) {
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : join(dirname(page), path);
    expect(existsSync(join(root, target)), link).toBe(true);
    if (anchor !== undefined) expect(anchorsOf(read(target)), link).toContain(anchor);
  }
});

test.each(sources.filter((source) => /\.ya?ml$/.test(source)))('%s is YAML', (source) => {
  for (const document of parseAllDocuments(read(source)))
    expect('errors' in document ? [...document.errors, ...document.warnings] : document).toEqual([]);
});

test('the indexed Job tells its pods how many they are, and the shards lie where the report looks for them', () => {
  const [claim, job, report] = parseAllDocuments(read('examples/kubernetes-job.yaml')).map((one) =>
    one.toJS(),
  );
  const container = (one: typeof job) => one.spec.template.spec.containers[0];
  expect(job.spec).toMatchObject({ completionMode: 'Indexed', completions: 4 });
  expect(container(job).env).toContainEqual({ name: 'JOB_COMPLETIONS', value: '4' });
  for (const one of [job, report]) {
    expect(one.apiVersion).toBe('batch/v1');
    expect(one.spec.template.spec.restartPolicy).toBe('Never');
    expect(one.spec.template.spec.volumes).toContainEqual({
      name: 'shards',
      persistentVolumeClaim: { claimName: claim.metadata.name },
    });
    expect(container(one).volumeMounts).toContainEqual({ name: 'shards', mountPath: '/shards' });
  }
});

test('the matrix has as many shards as it says', () => {
  const { jobs } = parseDocument(read('examples/github-matrix.yml')).toJS();
  const { shard } = jobs.check.strategy.matrix;
  expect(shard).toEqual([1, 2, 3, 4]);
  expect(jobs.check.steps[1].run).toContain(`--shard \${{ matrix.shard }}/${shard.length} `);
  expect(jobs.report).toMatchObject({ needs: 'check', if: 'always()' });
});

test('the recipes run the version that this is', () => {
  const { version } = JSON.parse(read('package.json')) as { version: string };
  const recipes = sources.filter((source) => source === 'docs/ci.md' || source.startsWith('examples/'));
  const named = recipes.flatMap((source) => [
    ...read(source).matchAll(/(?:npx --yes|--global) lastchunk(\S*)|lastchunk[@:]v?(\d[\w.]*\d)/g),
  ]);
  expect(named.length).toBeGreaterThan(8);
  for (const [text, name = ''] of named) expect(text + name).toContain(version);
});

test("the README's files are valid", () => {
  const [config = '', baseline = ''] = [
    /# yaml-language-server[\s\S]*?\n\n/,
    /# lastchunk-baseline\.yaml\n[\s\S]*?\n\n/,
  ].map((pattern) => pattern.exec(read('README.md'))?.[0].replace(/^ {4}/gm, ''));
  const folder = folderWith({ 'lastchunk.yaml': config, 'baseline.yaml': baseline });
  expect(loadConfig(join(folder, 'lastchunk.yaml'), { NEXT_URL: 'http://next' }).servers).toHaveLength(2);
  expect(readBaseline(join(folder, 'baseline.yaml'), false).expected).toHaveLength(1);
});
