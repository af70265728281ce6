// Whether what is compiled is there, and as new as the sources. Only a checkout has this file, and needs it.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** In ms; 0 where it is not there. */
const changed = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Stands for all that is compiled. */
export const COMPILED = join(root, 'dist/node/cli.js');
const TYPES = join(root, 'dist/node/index.d.ts');

/** @returns 'current', 'stale' (older than some source) or 'missing' */
export const compiledState = () => stateOf(COMPILED);

/** The same of the types for programs, which are seldom made. */
export const typesState = () => stateOf(TYPES);

function stateOf(compiled) {
  const since = changed(compiled);
  if (since === 0) return 'missing';
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    // Node 20 knew the folder as `path` before it was named `parentPath`.
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const settings = ['tsconfig.json', 'package-lock.json', 'scripts/build.mjs'].map((name) =>
    join(root, name),
  );
  return [...settings, ...sources].some((path) => changed(path) > since) ? 'stale' : 'current';
}
