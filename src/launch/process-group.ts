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
function endGroupsNow(pgids: readonly number[], graceMs: number): void {
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

/** A process group this process has started and has to end, with the sync clean-up that belongs to it. */
export interface LiveGroup {
  readonly pgid: number;
  /** Runs after the group has been ended; must be synchronous, for it may run while the process exits. */
  readonly cleanUp: () => void;
}

const live = new Set<LiveGroup>();
const fatalSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** How long groups may take to end by themselves while this process exits, ms: short, somebody is waiting. */
const exitGraceMs = 1000;

/** Ends every group now. Runs on `exit`, which process.exit() and an uncaught error lead to as well. */
function endAll(): void {
  const groups = [...live];
  live.clear();
  endGroupsNow(
    groups.map((group) => group.pgid),
    exitGraceMs,
  );
  for (const group of groups) {
    try {
      group.cleanUp();
    } catch {
      // What cannot be removed now is removed by the next run, and nobody is left to be told.
    }
  }
}

/**
 * A fatal signal skips `exit`, so that groups would outlive us. When the host program listens to the signal itself it
 * decides what happens (and `exit` follows); when it does not, the groups are ended and the signal does what it
 * would have done without us.
 */
function onFatalSignal(signal: NodeJS.Signals): void {
  if (process.listenerCount(signal) > 1) return;
  endAll();
  stopListening();
  process.kill(process.pid, signal);
}

function startListening(): void {
  process.on('exit', endAll);
  // Before any other: one that is to listen only once has been taken off the list by the time it runs.
  for (const signal of fatalSignals) process.prependListener(signal, onFatalSignal);
}

function stopListening(): void {
  process.off('exit', endAll);
  for (const signal of fatalSignals) process.off(signal, onFatalSignal);
}

/**
 * Promises that the group is ended on every exit of this process short of SIGKILL (see run-records.ts for that).
 *
 * @returns forgets the group, without ending it.
 */
export function endOnExit(group: LiveGroup): () => void {
  if (live.size === 0) startListening();
  live.add(group);
  return () => {
    if (live.delete(group) && live.size === 0) stopListening();
  };
}
