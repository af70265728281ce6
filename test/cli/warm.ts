/**
 * A process that runs one command line after the other: a start and code that V8 has not seen take most of a run's time.
 * Where it can't stand for a process of its own, that is said by `null`.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** LASTCHUNK_CLI=whole: every command line in a process of its own, as CI does. */
const WHOLE = process.env.LASTCHUNK_CLI === 'whole';
/** What Node and colours heed at the start only. */
const AT_START = ['NODE_OPTIONS', 'NO_COLOR', 'FORCE_COLOR'];
const PROGRAM = fileURLToPath(new URL('programs/warm.mjs', import.meta.url));

export interface Line {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
}

interface Told {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

let warm: ChildProcess | null = null;
let isBusy = false;

function started(): ChildProcess {
  const env = { ...process.env };
  for (const name of AT_START) delete env[name];
  const child = fork(PROGRAM, { env, execArgv: [], stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  // It ends when this process does, and keeps it from nothing.
  child.unref();
  child.channel?.unref();
  child.once('exit', () => {
    warm = null;
  });
  return child;
}

/** @returns null where the line needs a process of its own, or another line is being run */
export function runWarm({ argv, env, cwd }: Line): Promise<Told> | null {
  if (WHOLE || isBusy || AT_START.some((name) => (env[name] ?? '') !== '')) return null;
  isBusy = true;
  warm ??= started();
  const child = warm;
  return new Promise<Told>((resolve, reject) => {
    const died = (code: number | null, signal: string | null) =>
      reject(new Error(`lastchunk ${argv.join(' ')}: its process died (${code ?? signal})`));
    child.once('exit', died);
    child.once('message', (told) => {
      child.off('exit', died);
      resolve(told as Told);
    });
    child.send({ argv, env, cwd });
  }).finally(() => {
    isBusy = false;
  });
}
