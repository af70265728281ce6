/** Finds the config file. What reads it is loaded only where there is one. */
import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { ConfigError } from '../model/errors.ts';
import { shownPath } from './shown-place.ts';

/** The names it is found by. */
export const CONFIG_FILES = ['lastchunk.yaml', 'lastchunk.yml', 'lastchunk.json'] as const;

/** The nearest config file from a folder upwards; null where there is none. @throws ConfigError where there are two */
export function findConfig(from: string): string | null {
  for (let folder = resolve(from); ; folder = dirname(folder)) {
    const found = CONFIG_FILES.map((name) => join(folder, name)).filter((file) => existsSync(file));
    const [first, second] = found;
    if (first !== undefined && second !== undefined)
      throw new ConfigError(
        `${shownPath(first)} and ${shownPath(second)}: remove one, or choose one with -c`,
      );
    if (first !== undefined) return first;
    if (dirname(folder) === folder) return null;
  }
}
