/** What the cache folder holds, and how it is emptied. */
import { lstatSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { systemErrorCode } from './errors.ts';
import { reapOrphans } from './reap.ts';
import { recordFolder } from './run-records.ts';

/** What lastchunk keeps there, and no more is ever removed: anybody's folder can be named as the cache. */
const KEPT = ['python', 'npm', 'wheels', 'logs', 'bisect', 'scratch', 'run'] as const;

export interface CacheEntry {
  /** Below the cache folder: `python/llama-cpp-python/0.2.84`, `logs`. */
  readonly name: string;
  readonly bytes: number;
}

/** Environments one by one, else folder by folder; what is empty is left out. */
export function cacheEntries(cacheFolder: string): readonly CacheEntry[] {
  return KEPT.flatMap((name) =>
    name === 'python' || name === 'npm' ? environments(cacheFolder, name) : [name],
  )
    .map((name) => ({ name, bytes: bytesIn(path.join(cacheFolder, name)) }))
    .filter(({ bytes }) => bytes > 0);
}

/**
 * Empties it, after what dead runs left running was ended.
 * @returns the bytes that are free now; null where a run is using it, and nothing was removed
 */
export async function clearCache(cacheFolder: string): Promise<number | null> {
  await reapOrphans(cacheFolder);
  if (namesIn(recordFolder(cacheFolder)).some((name) => name.endsWith('.json'))) return null;
  const bytes = cacheEntries(cacheFolder).reduce((sum, entry) => sum + entry.bytes, 0);
  for (const name of KEPT) rmSync(path.join(cacheFolder, name), { recursive: true, force: true });
  return bytes;
}

const environments = (cacheFolder: string, kind: 'python' | 'npm'): readonly string[] =>
  namesIn(path.join(cacheFolder, kind)).flatMap((product) =>
    namesIn(path.join(cacheFolder, kind, product)).map((version) => `${kind}/${product}/${version}`),
  );

/** Those of a folder, in order; none where there is no such folder. */
function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '')) return [];
    throw error;
  }
}

/** Of all files in it; a link counts as itself, and what vanishes meanwhile as nothing. */
function bytesIn(place: string): number {
  const found = lstatSync(place, { throwIfNoEntry: false });
  if (found === undefined) return 0;
  if (!found.isDirectory()) return found.size;
  return namesIn(place).reduce((sum, name) => sum + bytesIn(path.join(place, name)), 0);
}
