import { randomUUID } from 'node:crypto';
import { linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { writeWhole } from '../text/write-whole.ts';
import { systemErrorCode } from './errors.ts';
import { ownIdentity } from './process-identity.ts';

const identity = z.object({ pid: z.int().min(2), startTime: z.string(), place: z.string() });

const runRecord = z.object({
  /** Put into the environment of everything that is started, so that its children can be told from strangers. */
  run: z.string().min(1),
  /** The process that has to end it; when that one is dead, the next run does. */
  owner: identity.extend({ pid: z.int().min(1) }),
  /** The leader of the process group; absent until it has been started. */
  leader: identity.optional(),
  command: z.array(z.string()),
  /** A folder inside the cache that belongs to this run alone. */
  scratchFolder: z.string().optional(),
});

/**
 * What is written down about a process group, so that a run after a SIGKILL of this process can end it.
 */
export type RunRecord = z.infer<typeof runRecord>;

/** The name of the environment variable that carries {@link RunRecord.run}. */
export const runVariable = 'LASTCHUNK_RUN';

/** Where the run records of a cache folder lie. */
export function recordFolder(cacheFolder: string): string {
  return path.join(cacheFolder, 'run');
}

/** Where the private folders of running servers lie. */
export function scratchRoot(cacheFolder: string): string {
  return path.join(cacheFolder, 'scratch');
}

/** A record that has been written, and can be changed and taken away. All synchronous: exit handlers use it. */
export interface WrittenRecord {
  readonly run: string;
  update(changes: Partial<Pick<RunRecord, 'leader' | 'command' | 'scratchFolder'>>): void;
  remove(): void;
}

/**
 * Writes a record under a name nobody holds.
 *
 * @param name one file name: `port-40123` claims that port among all runs that share the folder.
 * @returns undefined when the name is taken.
 */
export function claimRecord(cacheFolder: string, name: string): WrittenRecord | undefined {
  const folder = recordFolder(cacheFolder);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.json`);
  let record: RunRecord = { run: randomUUID(), owner: ownIdentity(), command: [] };
  const draft = path.join(folder, `.${record.run}`);

  try {
    writeFileSync(draft, JSON.stringify(record));
    // A link is made with the content already in it, or not at all: no reader sees half a record.
    linkSync(draft, file);
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return undefined;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
  return {
    run: record.run,
    update(changes) {
      record = { ...record, ...changes };
      writeWhole(file, JSON.stringify(record));
    },
    remove() {
      rmSync(file, { force: true });
    },
  };
}

/** Reads a record; undefined when it is gone or is no record. */
export function readRecord(file: string): RunRecord | undefined {
  try {
    const parsed = runRecord.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}
