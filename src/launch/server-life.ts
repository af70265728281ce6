import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync } from 'node:fs';
import { LaunchError, systemErrorCode } from './errors.ts';
import { lastLines } from './log-tail.ts';
import { endGroup, endOnExit, signalGroup } from './process-group.ts';
import { identityOf } from './process-identity.ts';
import { runVariable, type WrittenRecord } from './run-records.ts';

/** What to run. `env` is laid over this process's environment. */
export interface ServerCommand {
  readonly argv: readonly [string, ...string[]];
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** How a server ended. */
export type Death = (
  | { readonly kind: 'exit'; readonly exitCode: number }
  | { readonly kind: 'signal'; readonly signal: NodeJS.Signals }
) & {
  /** Whether we ended it ourselves. */
  readonly asked: boolean;
  /** Its last twenty lines. */
  readonly lastLog: readonly string[];
};

/** `exit code 1` or `SIGABRT`. */
export function describeDeath(death: Death): string {
  return death.kind === 'exit' ? `exit code ${death.exitCode}` : death.signal;
}

/** One life of a server, from start to death. */
export interface ServerLife {
  readonly pid: number;
  readonly exited: Promise<Death>;
  isAlive(): boolean;
  lastLog(count: number): string[];
  end(graceMs: number): Promise<void>;
  release(): void;
}

interface LifeOptions {
  readonly name: string;
  readonly command: ServerCommand;
  readonly record: WrittenRecord;
  readonly logPath: string;
  readonly onExitOfParent: () => void;
}

/**
 * Starts a process group whose output goes straight into the log file.
 *
 * @throws LaunchError when the program cannot be started.
 */
export async function startLife({
  name,
  command,
  record,
  logPath,
  onExitOfParent,
}: LifeOptions): Promise<ServerLife> {
  const [program, ...args] = command.argv;
  record.update({ command: [...command.argv] });
  const log = openSync(logPath, 'a', 0o600);
  const logStart = fstatSync(log).size;
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', log, log],
    env: { ...process.env, ...command.env, [runVariable]: record.run },
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
  });
  closeSync(log);

  const started = new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      const why = systemErrorCode(error) === 'ENOENT' ? 'there is no such program' : error.message;
      reject(new LaunchError(`cannot start ${name} (${program}): ${why}`, { cause: error }));
    });
  });
  const pid = child.pid;
  if (pid === undefined) {
    await started;
    throw new LaunchError(`cannot start ${name} (${program})`);
  }
  const leader = identityOf(pid);
  if (leader) record.update({ leader });
  const forget = endOnExit({ pgid: pid, cleanUp: onExitOfParent });

  let alive = true;
  let asked = false;
  const exited = new Promise<Death>((resolve) => {
    child.once('exit', (code, signal) => {
      alive = false;
      // Workers may outlive their leader and keep the port; no process can have been given the group's number yet.
      signalGroup(pid, 'SIGKILL');
      forget();
      const end = { asked, lastLog: lastLines(logPath, 20, logStart) };
      resolve(signal ? { kind: 'signal', signal, ...end } : { kind: 'exit', exitCode: code ?? 0, ...end });
    });
  });
  await started;

  return {
    pid,
    exited,
    isAlive: () => alive,
    lastLog: (count) => lastLines(logPath, count, logStart),
    async end(graceMs) {
      if (!alive) return;
      asked = true;
      await endGroup(pid, exited, graceMs);
    },
    release() {
      forget();
      child.unref();
    },
  };
}
