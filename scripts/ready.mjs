// Makes a fresh clone ready: installs what the lock file names, compiles, and writes the schemas in docs, each only where
// something changed.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (path) => join(root, path);
const changed = (path) => (existsSync(at(path)) ? statSync(at(path)).mtimeMs : 0);

function newest(folder) {
  return readdirSync(at(folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce(
      (latest, entry) => Math.max(latest, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs),
      0,
    );
}

function run(command, args) {
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: process.platform === 'win32',
  });
  if (status !== 0) {
    process.stderr.write(`lastchunk: "${command} ${args.join(' ')}" failed; run it by hand to see why\n`);
    process.exit(3);
  }
}

const installed = 'node_modules/.lastchunk-installed';
if (changed(installed) < Math.max(changed('package-lock.json'), 1)) {
  // Not `npm ci`: it refuses lock files without the optional packages of other platforms.
  // The compiler is wanted even where NODE_ENV says production.
  run('npm', ['install', '--include=dev', '--no-save', '--no-audit', '--no-fund']);
  writeFileSync(at(installed), '');
}
const compiled = 'dist/cli/main.js';
if (changed(compiled) < Math.max(newest('src'), changed('tsconfig.json'), changed('tsconfig.build.json'))) {
  run('npx', ['--no-install', 'tsc', '-p', 'tsconfig.build.json']);
  utimesSync(at(compiled), new Date(), new Date());
  // Such a schema lists the checks, say.
  run('node', ['scripts/write-schemas.mjs']);
}
