import { accessSync, constants, mkdirSync, statSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { LaunchError, systemErrorCode } from './errors.ts';

/**
 * The folder that keeps environments, logs and run records between runs.
 *
 * @param chosen a folder the user named; it wins over `LASTCHUNK_CACHE`, which wins over the XDG cache folder.
 * @returns an absolute path; the folder need not exist yet.
 */
export function cacheFolder(chosen?: string, env: NodeJS.ProcessEnv = process.env): string {
  if (chosen) return path.resolve(chosen);
  if (env.LASTCHUNK_CACHE) return path.resolve(env.LASTCHUNK_CACHE);
  // The XDG specification says that a relative path in the variable must be ignored.
  const xdg = env.XDG_CACHE_HOME;
  const root = xdg && path.isAbsolute(xdg) ? xdg : path.join(homedir(), '.cache');
  return path.join(root, 'lastchunk');
}

/**
 * {@link cacheFolder}, made where it is not there.
 *
 * @throws LaunchError when it cannot be made or written to.
 */
export function usableCacheFolder(): string {
  const folder = cacheFolder();
  try {
    makeFolder(folder);
    accessSync(folder, constants.W_OK);
  } catch (error) {
    const why = systemErrorCode(error) ?? String(error);
    throw new LaunchError(`cannot write to ${folder} (${why}): name another folder with LASTCHUNK_CACHE`, {
      cause: error,
    });
  }
  return folder;
}

/** Folder by folder: Node's own recursion never ends where none can be made, as below /proc. */
function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return;
  if (path.dirname(folder) !== folder) makeFolder(path.dirname(folder));
  try {
    mkdirSync(folder);
  } catch (error) {
    if (systemErrorCode(error) !== 'EEXIST' || !statSync(folder).isDirectory()) throw error;
  }
}

/** `text` as one harmless file name: a version or a label may hold slashes, spaces or dots that climb. */
export function asFileName(text: string): string {
  const safe = text.replace(/[^A-Za-z0-9._+@-]/g, '_').slice(0, 100);
  return /^\.*$/.test(safe) ? `_${safe}` : safe;
}
