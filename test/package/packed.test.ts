/** The package as npm packs it: what is in it, and that it is enough. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { builtinModules } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allChecks } from '../../src/checks/catalogue.ts';
import { start } from '../cli/child-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** All that may be in it: read when it runs, by programs that import it, by editors, or asked for by npm. */
const MAY_BE_IN_IT = [
  /^bin\/lastchunk\.js$/,
  /^dist\/LICENCES\.txt$/,
  /^dist\/demo\/[^/]+\/(recording\.json|exchanges\.jsonl\.gz)$/,
  /^dist\/\w+\/[\w-]+\.(js|d\.ts)$/,
  /^docs\/checks\/[a-z]+-[a-z-]+\.md$/,
  /^docs\/[a-z-]+\.schema\.json$/,
  /^docs\/observed\.json$/,
  /^recipes\/llama-cpp-python\/usage_server\.py$/,
  /^(LICENSE|README(\.zh-CN)?\.md|package\.json)$/,
];

let home = '';
let packed = '';
let files: readonly string[] = [];

beforeAll(() => {
  home = mkdtempSync(join(tmpdir(), 'lastchunk-packed-'));
  // What is packed was built before: npm test does that.
  const flags = ['--ignore-scripts', '--silent', '--pack-destination', home];
  execFileSync('npm', ['pack', ...flags], { cwd: root, shell: process.platform === 'win32' });
  const [archive = ''] = readdirSync(home);
  execFileSync('tar', ['-xzf', archive], { cwd: home });
  mkdirSync(join(home, 'node_modules'));
  packed = join(home, 'node_modules/lastchunk');
  renameSync(join(home, 'package'), packed);
  files = readdirSync(packed, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name).slice(packed.length + 1))
    .map((path) => path.replaceAll('\\', '/'));
}, 120_000);

afterAll(() => rmSync(home, { recursive: true, force: true }));

const lastchunk = (...args: string[]) =>
  start(process.execPath, [join(packed, 'bin/lastchunk.js'), ...args], { cwd: home }).ended;

it('holds what is read when it runs, and no more', () => {
  expect(files.filter((path) => !MAY_BE_IN_IT.some((pattern) => pattern.test(path)))).toEqual([]);
  expect(files.length).toBeLessThan(300);
});

it('needs no other package', () => {
  const { dependencies } = JSON.parse(readFileSync(join(packed, 'package.json'), 'utf8')) as {
    readonly dependencies?: object;
  };
  expect(dependencies).toBeUndefined();
  const built = files.filter((path) => /^dist\/.*\.(js|d\.ts)$/.test(path));
  const imports = built.flatMap((path) =>
    [
      ...readFileSync(join(packed, path), 'utf8').matchAll(
        /^(?:import|export) [^;'"]*from ['"]([^'"]+)['"];$/gm,
      ),
    ].map(([, target = '']) => target),
  );
  expect(imports.length).toBeGreaterThan(100);
  expect(
    imports.filter((target) => !/^(node:|\.\/)/.test(target) && !builtinModules.includes(target)),
  ).toEqual([]);
});

it('has a page for each check', () => {
  const pages = files.flatMap((path) => /^docs\/checks\/(.*)\.md$/.exec(path)?.[1] ?? []);
  expect(pages.sort()).toEqual(allChecks.map(({ id }) => id).sort());
});

it('runs the demo, in which each recorded server is judged as it was', async () => {
  const { code, stdout, stderr } = await lastchunk('demo', '--no-color');
  expect(stdout).toContain('every verdict is that of the recorded run');
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

it.each([
  [['--version'], /^\d+\.\d+\.\d+\n$/],
  [['explain', 'usage-present'], /usage-present/],
  [['list', 'products'], /vllm/],
] as const)('%j works', async (args, said) => {
  const { code, stdout, stderr } = await lastchunk(...args);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(said);
});

it('gives programs what package.json exports', async () => {
  const code = `
    import { createRequire } from 'node:module';
    import { check } from 'lastchunk';
    const require = createRequire(import.meta.url);
    const schemas = ['lastchunk', 'lastchunk-baseline', 'record', 'report'].map((name) => require('lastchunk/' + name + '.schema.json'));
    console.log(typeof check, typeof require('lastchunk').check, require('lastchunk/package.json').name, schemas.length);`;
  const ran = start(process.execPath, ['--input-type=module', '--eval', code], { cwd: home });
  expect((await ran.ended).stdout).toBe('function function lastchunk 4\n');
});
