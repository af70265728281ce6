import { readdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { signalGroup } from './process-group.ts';
import { fateOf, type ProcessIdentity } from './process-identity.ts';
import {
  processesOfRun,
  type RunRecord,
  readRecord,
  recordFolder,
  scratchRoot,
  signalProcesses,
} from './run-records.ts';

/** What an earlier run left running and is ended now. */
export interface Reaped {
  readonly pids: readonly number[];
  readonly command: readonly string[];
}

const graceMs = 3000;
const foreignRecordKeptMs = 7 * 24 * 3600 * 1000;

function signalAll(record: RunRecord, members: readonly ProcessIdentity[], signal: NodeJS.Signals): void {
  // While its leader lives the group is ours. Afterwards its number may have been reused, and only processes with the
  // mark of the run are ours.
  if (record.leader && fateOf(record.leader) === 'alive') signalGroup(record.leader.pid, signal);
  signalProcesses(members, signal);
}

async function endRun(record: RunRecord): Promise<number[]> {
  const members = processesOfRun(record.run);
  const all = record.leader && fateOf(record.leader) === 'alive' ? [record.leader, ...members] : members;
  const anyAlive = () => all.some((one) => fateOf(one) === 'alive');
  signalAll(record, members, 'SIGTERM');
  const until = performance.now() + graceMs;
  while (anyAlive() && performance.now() < until) await sleep(20);
  signalAll(record, processesOfRun(record.run), 'SIGKILL');
  while (anyAlive() && performance.now() < until + graceMs) await sleep(20);
  return [...new Set(all.map((one) => one.pid))];
}

function removeScratch(cacheFolder: string, record: RunRecord): void {
  if (record.scratchFolder === undefined) return;
  // Anybody may have written the record: only what lies directly in the scratch folder is removed.
  const inside = path.dirname(path.resolve(record.scratchFolder)) === path.resolve(scratchRoot(cacheFolder));
  if (inside) rmSync(record.scratchFolder, { recursive: true, force: true });
}

function isOlderThan(file: string, ageMs: number): boolean {
  try {
    return Date.now() - statSync(file).mtimeMs > ageMs;
  } catch {
    return false;
  }
}

/**
 * Ends what runs killed by SIGKILL (or a crash) have left running: servers and installers whose owner is dead.
 * A process is only ever signalled when its start time or its environment proves that it is the one recorded.
 *
 * @returns what was ended, for a line of report.
 */
export async function reapOrphans(cacheFolder: string): Promise<Reaped[]> {
  const folder = recordFolder(cacheFolder);
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    return [];
  }
  const ends = names.map(async (name): Promise<Reaped | undefined> => {
    const file = path.join(folder, name);
    const record = name.endsWith('.json') ? readRecord(file) : undefined;
    const fate = record ? fateOf(record.owner) : 'elsewhere';
    if (!record || fate === 'elsewhere') {
      // Of another machine, container or boot that shares the folder: nothing to signal; old records are removed.
      if (isOlderThan(file, foreignRecordKeptMs)) rmSync(file, { force: true });
      return undefined;
    }
    if (fate === 'alive') return undefined;
    const pids = await endRun(record);
    removeScratch(cacheFolder, record);
    rmSync(file, { force: true });
    return pids.length > 0 ? { pids, command: record.command } : undefined;
  });
  return (await Promise.all(ends)).filter((reaped) => reaped !== undefined);
}
