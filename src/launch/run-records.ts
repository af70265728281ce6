import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { writeWhole } from '../text/write-whole.ts';
import { createWhole } from './lock.ts';
import { fateOf, identityOf, ownIdentity, type ProcessIdentity } from './process-identity.ts';

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

/** What is recorded of a process group, so that a later run can end it after a SIGKILL of this process. */
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

/** A record on disk, which can be changed and removed; synchronously, for exit handlers use it. */
export interface WrittenRecord {
  readonly run: string;
  update(changes: Partial<Pick<RunRecord, 'leader' | 'command' | 'scratchFolder'>>): void;
  remove(): void;
}

/**
 * Writes a record, unless one of that name exists.
 *
 * @param name one file name: `port-40123` claims that port among all runs that share the folder.
 * @returns undefined when the name is taken.
 */
export function claimRecord(cacheFolder: string, name: string): WrittenRecord | undefined {
  const folder = recordFolder(cacheFolder);
  mkdirSync(folder, { recursive: true });
  const file = path.join(folder, `${name}.json`);
  let record: RunRecord = { run: randomUUID(), owner: ownIdentity(), command: [] };
  if (!createWhole(file, JSON.stringify(record))) return undefined;
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

/**
 * The processes that carry the mark of a run in their environment: its servers, and what those put into groups of their
 * own. Linux only; empty where there is no `/proc`.
 */
export function processesOfRun(run: string): ProcessIdentity[] {
  const mark = `${runVariable}=${run}`;
  const found: ProcessIdentity[] = [];
  let names: string[] = [];
  try {
    names = readdirSync('/proc');
  } catch {
    return found;
  }
  for (const name of names) {
    const pid = Number(name);
    if (!Number.isSafeInteger(pid) || pid === process.pid) continue;
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(mark)) continue;
    } catch {
      continue; // gone meanwhile, or somebody else's
    }
    const identity = identityOf(pid);
    if (identity) found.push(identity);
  }
  return found;
}

/** Sends a signal to those that are still the processes they were. */
export function signalProcesses(processes: readonly ProcessIdentity[], signal: NodeJS.Signals): void {
  for (const one of processes) {
    if (fateOf(one) !== 'alive') continue;
    try {
      process.kill(one.pid, signal);
    } catch {
      // It ended by itself between the look and the signal.
    }
  }
}

/** Ends what a server left behind outside its group, such as a daemon: asks, waits at most `graceMs`, then kills. */
export async function endProcessesOfRun(run: string, graceMs: number): Promise<void> {
  const left = processesOfRun(run);
  if (left.length === 0) return;
  signalProcesses(left, 'SIGTERM');
  const until = performance.now() + graceMs;
  while (left.some((one) => fateOf(one) === 'alive') && performance.now() < until) await sleep(20);
  signalProcesses(processesOfRun(run), 'SIGKILL');
}
