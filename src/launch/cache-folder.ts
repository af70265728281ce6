import { accessSync, constants } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { ensureFolder } from '../text/ensure-folder.ts';
import { LaunchError, systemErrorCode } from './errors.ts';

/**
 * The folder that keeps environments, logs and run records between runs.
 *
 * @param chosen a folder the user named; takes precedence over `LASTCHUNK_CACHE`, and that over the XDG cache folder.
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
 * {@link cacheFolder}, created where it is missing.
 *
 * @throws LaunchError when it cannot be created or written to.
 */
export function usableCacheFolder(): string {
  const folder = cacheFolder();
  try {
    ensureFolder(folder);
    accessSync(`${folder}/.`, constants.W_OK); // the dot: fails for a file
  } catch (error) {
    const why = systemErrorCode(error) ?? String(error);
    throw new LaunchError(`cannot write to ${folder} (${why}): name another folder with LASTCHUNK_CACHE`, {
      cause: error,
    });
  }
  return folder;
}

/** `text` as one safe file name: a version or a label may hold slashes, spaces or `..`. */
export function asFileName(text: string): string {
  const safe = text.replace(/[^A-Za-z0-9._+@-]/g, '_').slice(0, 100);
  return /^\.*$/.test(safe) ? `_${safe}` : safe;
}
