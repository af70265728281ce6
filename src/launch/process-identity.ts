import { spawnSync } from 'node:child_process';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * Which process is meant: a pid alone is not enough, for pids are used again. The start time tells two holders of one
 * pid apart, and the place (this boot of this machine, this pid namespace) says where the pid means anything at all.
 */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
  readonly place: string;
}

/** The state letter and the start time (in clock ticks since boot) out of the text of `/proc/PID/stat`. */
function readStat(text: string): { state: string; startTime: string } | undefined {
  // The second field is the command in brackets and may itself hold spaces and brackets: count from the last one.
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const state = fields[0];
  const startTime = fields[19];
  return state !== undefined && startTime !== undefined ? { state, startTime } : undefined;
}

function stat(pid: number): { state: string; startTime: string } | undefined {
  try {
    return readStat(readFileSync(`/proc/${pid}/stat`, 'latin1'));
  } catch {
    return undefined;
  }
}

function statFromPs(pid: number): { state: string; startTime: string } | undefined {
  const { status, stdout } = spawnSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
    encoding: 'utf8',
  });
  const found = status === 0 ? /^\s*(\S)\S*\s+(.+?)\s*$/.exec(stdout) : null;
  return found?.[1] && found[2] ? { state: found[1], startTime: found[2] } : undefined;
}

let knownPlace: string | undefined;

/** Where this process's pids mean something: the boot and the pid namespace, or the host's name without `/proc`. */
function thisPlace(): string {
  if (knownPlace === undefined) {
    try {
      const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'latin1').trim();
      knownPlace = `${boot} ${readlinkSync('/proc/self/ns/pid')}`;
    } catch {
      knownPlace = hostname();
    }
  }
  return knownPlace;
}

const hasProc = stat(process.pid) !== undefined;

/** The identity of a process that runs now, or undefined if there is none by that pid (a zombie counts as none). */
export function identityOf(pid: number): ProcessIdentity | undefined {
  const found = hasProc ? stat(pid) : statFromPs(pid);
  if (!found || found.state === 'Z' || found.state === 'X') return undefined;
  return { pid, startTime: found.startTime, place: thisPlace() };
}

let self: ProcessIdentity | undefined;

/** The identity of this very process. */
export function ownIdentity(): ProcessIdentity {
  self ??= identityOf(process.pid) ?? { pid: process.pid, startTime: 'unknown', place: thisPlace() };
  return self;
}

/**
 * Whether this very process still runs.
 *
 * `elsewhere`: it belongs to another machine, container or boot that shares the folder, so its pid says nothing here.
 */
export function fateOf(identity: ProcessIdentity): 'alive' | 'dead' | 'elsewhere' {
  if (identity.place !== thisPlace()) return 'elsewhere';
  return identityOf(identity.pid)?.startTime === identity.startTime ? 'alive' : 'dead';
}
