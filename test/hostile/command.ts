/** The real command against hostile servers and files: it must end by itself, and in little memory. */

import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { BIN, type Ended, ended } from '../cli/lastchunk.ts';
import { MEASURED, peakIn } from '../cli/peak-memory.ts';

export interface Measured extends Ended {
  /** Its largest size in MB; NaN where it was killed. */
  readonly megabytes: number;
}

/** Killed beyond: nothing here takes a tenth of it on a quiet machine. */
const LONGEST_MS = 60_000;

async function measured(args: readonly string[], env: Readonly<Record<string, string>>): Promise<Measured> {
  const child = spawn(process.execPath, args, {
    env: {
      ...{ PATH: process.env.PATH, HOME: process.env.HOME },
      ...env,
      ...MEASURED,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const timer = setTimeout(() => child.kill('SIGKILL'), LONGEST_MS);
  const { code, stdout, stderr } = await ended(child);
  clearTimeout(timer);
  const { megabytes, rest } = peakIn(stderr);
  return { code, stdout, stderr: rest, megabytes };
}

/** `lastchunk` in a process of its own. A `code` of SIGKILL: it did not end. */
export function command(args: readonly string[], env: Record<string, string> = {}): Promise<Measured> {
  return measured([BIN, ...args], env);
}

const PROGRAM = fileURLToPath(new URL('programs/commands.mjs', import.meta.url));

/** Several command lines in one process, which is what takes the time; those beyond the last result never ended. */
export async function commands(
  lines: ReadonlyArray<readonly string[]>,
): Promise<{ readonly results: readonly Ended[]; readonly megabytes: number }> {
  const { stdout, megabytes } = await measured([PROGRAM, JSON.stringify(lines)], {});
  const results = stdout.split('\n').filter((line) => line !== '');
  return { results: results.map((line) => JSON.parse(line) as Ended), megabytes };
}
