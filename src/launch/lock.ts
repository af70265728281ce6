import { randomUUID } from 'node:crypto';
import {
  linkSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as z from 'zod';
import { systemErrorCode } from './errors.ts';
import { fateOf, ownIdentity } from './process-identity.ts';

const holder = z.object({ pid: z.int(), startTime: z.string(), place: z.string(), token: z.string() });
type Holder = z.infer<typeof holder>;

export interface LockOptions {
  readonly signal?: AbortSignal | undefined;
  /** Called once when somebody else holds the lock. */
  readonly onWait?: (holderPid: number) => void;
}

const pollMs = 100;
const heartbeatMs = 5000;
/** A holder whose pid says nothing here (another container) is taken for dead after this long without a heartbeat. */
const silenceMs = 60_000;
const breakerMaxAgeMs = 10_000;

/**
 * Runs `work` while no other process (nor another call in this one) runs under the same lock file.
 * The lock of a process that has died is broken.
 *
 * @throws what `work` throws; the signal's reason when it is aborted while waiting.
 */
export async function withLock<T>(file: string, options: LockOptions, work: () => Promise<T>): Promise<T> {
  mkdirSync(path.dirname(file), { recursive: true });
  const mine: Holder = { ...ownIdentity(), token: randomUUID() };
  let told = false;
  while (!createWhole(file, JSON.stringify(mine))) {
    options.signal?.throwIfAborted();
    const other = readHolder(file);
    if (isStale(file, other) && breakLock(file)) continue;
    if (!told && other) {
      told = true;
      options.onWait?.(other.pid);
    }
    await sleep(pollMs);
  }
  const heartbeat = setInterval(() => touch(file), heartbeatMs);
  heartbeat.unref();
  try {
    return await work();
  } finally {
    clearInterval(heartbeat);
    if (readHolder(file)?.token === mine.token) rmSync(file, { force: true });
  }
}

/** Makes a file that appears with its content or not at all. @returns false if there is one already */
export function createWhole(file: string, content: string): boolean {
  const draft = `${file}.${randomUUID()}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'EEXIST') return false;
    throw error;
  } finally {
    unlinkSync(draft);
  }
}

function readHolder(file: string): Holder | undefined {
  try {
    const parsed = holder.safeParse(JSON.parse(readFileSync(file, 'utf8')));
    return parsed.success ? parsed.data : undefined;
  } catch {
    return undefined;
  }
}

function ageMs(file: string): number {
  try {
    return Date.now() - statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}

function isStale(file: string, held: Holder | undefined): boolean {
  const fate = held ? fateOf(held) : 'elsewhere';
  return fate === 'dead' || (fate === 'elsewhere' && ageMs(file) > silenceMs);
}

/**
 * Takes a stale lock away. Two waiters may see the same stale lock, and the slower one must not take away the fresh
 * lock of the faster one: so it is read again and removed only while holding the breaker file.
 */
function breakLock(file: string): boolean {
  const breaker = `${file}.break`;
  if (!createWhole(breaker, String(process.pid))) {
    if (ageMs(breaker) > breakerMaxAgeMs) rmSync(breaker, { force: true });
    return false;
  }
  try {
    if (isStale(file, readHolder(file))) rmSync(file, { force: true });
    return true;
  } finally {
    rmSync(breaker, { force: true });
  }
}

function touch(file: string): void {
  try {
    const now = new Date();
    utimesSync(file, now, now);
  } catch {
    // Gone: somebody cleared the cache. The work itself will say so.
  }
}
