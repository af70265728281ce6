// Whether what is compiled is there, and as new as the sources. Only a checkout has this file, and needs it.
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
/** In ms; 0 where it is not there. */
const changed = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

/** Stands for all that is compiled. */
export const COMPILED = join(root, 'dist/cli/main.js');

/** @returns 'current', 'stale' (older than some source) or 'missing' */
export function compiledState() {
  const since = changed(COMPILED);
  if (since === 0) return 'missing';
  const sources = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    // Node 20 knew the folder as `path` before it was named `parentPath`.
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  const settings = ['tsconfig.json', 'tsconfig.build.json'].map((name) => join(root, name));
  return [...settings, ...sources].some((path) => changed(path) > since) ? 'stale' : 'current';
}
