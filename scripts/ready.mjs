// Makes a checkout ready: installs what the lock file names and builds (scripts/build.mjs), each only where something
// changed. With --compile (npm's `prepare`) npm is installing already: no more is added than what builds, where it is
// needed, and the types for programs are made, too.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { compiledState, typesState } from './compiled.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (path) => join(root, path);
/** What builds; with one of them come all. */
const BUILDER = 'node_modules/esbuild/package.json';

function fail(why) {
  say(why);
  process.exit(3);
}

/** On stderr: what is printed on stdout is the program's own. */
function say(what) {
  process.stderr.write(`lastchunk: ${what}\n`);
}

function run(command, args, shell = false) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: ['ignore', 2, 2], shell });
  if (status !== 0) fail(`"${[command, ...args].join(' ')}" failed in ${root}; run it by hand to see why`);
}

/** Packages by path, as a lock file has them. */
function packagesIn(lockFile) {
  return existsSync(at(lockFile)) ? JSON.parse(readFileSync(at(lockFile), 'utf8')).packages : {};
}

/** Whether npm has noted for this folder what the lock file names, but for what other platforms need. */
function isInstalled() {
  const there = packagesIn('node_modules/.package-lock.json');
  return Object.entries(packagesIn('package-lock.json')).every(
    ([path, { version, optional }]) => path === '' || optional || there[path]?.version === version,
  );
}

const onlyCompile = process.argv.includes('--compile');
// Whoever installs may import it; otherwise tests ask only that there are types.
const typing = onlyCompile ? typesState() !== 'current' : typesState() === 'missing';
const building = typing || compiledState() !== 'current';
const { npm_config_global: isGlobal, _PACOTE_NO_PREPARE_: fromGit } = process.env;
// npm passes --global on to the clone that it prepares, and leaves a link to where that was: npm/cli issue 6984.
if (isGlobal === 'true' && fromGit)
  fail('npm can\'t install from git with --global; npm install --global "$(npm pack URL)" does');
if (onlyCompile ? building && !existsSync(at(BUILDER)) : !isInstalled()) {
  // What builds is wanted even where NODE_ENV says production, and in this folder even where npm was called with --global.
  // No script of a package is needed, and this one's own would come back here.
  say('installing, once');
  const flags = ['--include=dev', '--no-global', '--ignore-scripts', '--no-audit', '--no-fund'];
  run('npm', ['ci', ...flags], process.platform === 'win32');
}
if (building) {
  say('compiling, once');
  run(process.execPath, ['scripts/build.mjs', ...(typing ? ['--types'] : [])]);
}
