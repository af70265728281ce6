import { setTimeout as sleep } from 'node:timers/promises';
import { systemErrorCode } from './errors.ts';
import { identityOf } from './process-identity.ts';

/**
 * Sends a signal to every process of a group.
 *
 * @returns false when no such group exists any more.
 */
export function signalGroup(pgid: number, signal: NodeJS.Signals): boolean {
  // kill(-1) and kill(-0) mean "everything" and "my own group": never reach for them, whatever a record says.
  if (!Number.isSafeInteger(pgid) || pgid <= 1) return false;
  try {
    process.kill(-pgid, signal);
    return true;
  } catch (error) {
    // macOS answers EPERM for a group of which only zombies are left.
    if (systemErrorCode(error) === 'ESRCH' || systemErrorCode(error) === 'EPERM') return false;
    throw error;
  }
}

/**
 * Ends groups without the event loop, for use while this process is exiting: asks, waits at most `graceMs` for the
 * leaders to go (so that `docker run` can pass the signal on), then kills whatever is left.
 */
export function endGroupsNow(pgids: readonly number[], graceMs: number): void {
  const asked = pgids.filter((pgid) => signalGroup(pgid, 'SIGTERM'));
  const clock = new Int32Array(new SharedArrayBuffer(4));
  const until = performance.now() + graceMs;
  const anyRuns = () => asked.some((pgid) => identityOf(pgid) !== undefined);
  while (performance.now() < until && anyRuns()) Atomics.wait(clock, 0, 0, 20);
  for (const pgid of asked) signalGroup(pgid, 'SIGKILL');
}

/**
 * Ends a group: asks, waits at most `graceMs` for its leader to go, then kills whatever is left of the group.
 *
 * @param leaderGone settles when the leader is gone.
 */
export async function endGroup(pgid: number, leaderGone: Promise<unknown>, graceMs: number): Promise<void> {
  signalGroup(pgid, 'SIGTERM');
  const timer = new AbortController();
  await Promise.race([leaderGone, sleep(graceMs, undefined, { signal: timer.signal }).catch(() => {})]);
  timer.abort();
  signalGroup(pgid, 'SIGKILL');
  await leaderGone;
}
