/** Processes that carry the mark of a run in their environment: its servers, and what those put into groups of their own. */
import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fateOf, identityOf, type ProcessIdentity } from './process-identity.ts';
import { runVariable } from './run-records.ts';

/** Linux only; empty where there is no `/proc`. */
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
