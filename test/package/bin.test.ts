/** The command in a folder of its own: nothing compiled, half installed, compiled before the sources changed. */
import { cpSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it, onTestFinished } from 'vitest';
import { start } from '../cli/child-process.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const SOURCE = 'src/wire/send.ts';
const COMPILED = 'dist/node/cli.js';
const RUNS = "export const main = async () => process.stdout.write('ran\\n');";

/** A checkout with these files, each with the time of its last change in seconds. */
function checkout(files: Readonly<Record<string, readonly [text: string, changed: number]>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'lastchunk-bin-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  for (const path of ['bin', 'scripts/compiled.mjs', 'package.json'])
    cpSync(join(root, path), join(folder, path), { recursive: true });
  for (const [path, [text, changed]] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
    utimesSync(join(folder, path), changed, changed);
  }
  return folder;
}

const run = (folder: string, ...args: string[]) =>
  start(process.execPath, [join(folder, 'bin/lastchunk.js'), ...args]).ended;

it('nothing compiled: one line says what to do', async () => {
  const folder = checkout({ [SOURCE]: ['', 1000] });
  expect(await run(folder, 'list', 'checks')).toEqual({
    code: 3,
    stdout: '',
    stderr: `lastchunk: nothing is compiled in ${folder}/; run "npm ci" in ${folder}/\n`,
  });
});

it('nothing compiled: the version is told', async () => {
  expect(await run(checkout({}), '--version')).toMatchObject({ code: 0, stderr: '' });
});

it('packages that are not installed are named, in one line', async () => {
  const folder = checkout({ [SOURCE]: ['', 1000], [COMPILED]: ["import 'no-such-package';", 2000] });
  const { code, stderr } = await run(folder);
  expect(stderr).toMatch(/^lastchunk: Cannot find package 'no-such-package' .*; run "npm ci" in .*\n$/);
  expect(code).toBe(3);
});

it('a package without sources can only be installed again', async () => {
  expect((await run(checkout({}))).stderr).toContain('; install lastchunk again\n');
});

it('compiled before a source changed: said in one line, and run', async () => {
  const folder = checkout({ [COMPILED]: [RUNS, 1000], [SOURCE]: ['', 2000] });
  expect(await run(folder)).toEqual({
    code: 0,
    stdout: 'ran\n',
    stderr: `lastchunk: what is compiled is older than the sources; run "npm run build" in ${folder}/\n`,
  });
});

it.each([
  ['after the sources changed', { [COMPILED]: [RUNS, 2000], [SOURCE]: ['', 1000] }],
  ['without sources', { [COMPILED]: [RUNS, 1000] }],
] as const)('compiled %s: nothing is said', async (_what, files) => {
  expect(await run(checkout(files))).toEqual({ code: 0, stdout: 'ran\n', stderr: '' });
});
