import { endGroupsNow } from './process-group.ts';

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
