import type { Command } from 'commander';
import { cacheEntries, clearCache } from '../launch/cache-content.ts';
import { cacheFolder } from '../launch/cache-folder.ts';
import { EXIT } from '../model/errors.ts';
import { harmless } from '../text/harmless.ts';
import { inMiB } from '../wire/limits.ts';
import type { Action } from './support/action.ts';

/** Shows what upgrade and bisect keep between runs, or removes it. @returns the exit status. @throws Error where it is in use */
export async function cache({ clear = false }: { readonly clear?: boolean }): Promise<number> {
  const folder = cacheFolder();
  process.stdout.write(clear ? await cleared(folder) : shown(folder));
  return EXIT.ok;
}

async function cleared(folder: string): Promise<string> {
  const bytes = await clearCache(folder);
  if (bytes === null)
    throw new Error(
      `${folder} is in use by a lastchunk that runs; nothing was removed, try again when it has ended`,
    );
  return `${inMiB(bytes)} removed from ${harmless(folder)}\n`;
}

function shown(folder: string): string {
  const entries = cacheEntries(folder);
  const named = `${harmless(folder)} (LASTCHUNK_CACHE names another)`;
  if (entries.length === 0) return `${named}: nothing is kept there\n`;
  const sum = entries.reduce((bytes, entry) => bytes + entry.bytes, 0);
  const sizes = entries.map(({ bytes }) => inMiB(bytes));
  const widest = Math.max(...sizes.map(({ length }) => length));
  return [
    named,
    ...entries.map(({ name }, i) => `  ${(sizes[i] ?? '').padStart(widest)}  ${harmless(name)}`),
    `${inMiB(sum)} in all; lastchunk cache --clear removes it`,
    '',
  ].join('\n');
}

/** Its flags, and what it does. */
export function define(command: Command): Action {
  command.option('--clear', 'remove what it holds');
  return () => cache(command.opts<{ clear?: boolean }>());
}
