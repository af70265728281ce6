import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { LaunchError } from './errors.ts';
import type { Prepared } from './recipe.ts';

/**
 * A program the user has: `binary` with `{version}` filled in, looked for along PATH when it names no folder.
 *
 * @throws LaunchError when there is none.
 */
export function givenBinary(product: string, binary: string, version: string, env = process.env): Prepared {
  const wanted = binary.replaceAll('{version}', version);
  const places = wanted.includes('/')
    ? [path.resolve(wanted)]
    : (env.PATH ?? '').split(path.delimiter).map((folder) => path.join(folder, wanted));
  const program = places.find(isProgram);
  if (program === undefined) {
    throw new LaunchError(`there is no program ${wanted}: name the one of ${product} with --binary PATH`);
  }
  return { version, program, packages: {}, installedNow: false };
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
