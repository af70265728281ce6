/** The real command, in an environment that has nothing of a CI in it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { runWarm } from './warm.ts';

export const BIN = fileURLToPath(new URL('../../bin/lastchunk.js', import.meta.url));

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

export interface Surroundings {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
}

const surrounding = (env: Surroundings['env']) => ({
  PATH: process.env.PATH,
  HOME: process.env.HOME,
  ...env,
});

/** Starts a program in a process of its own. */
export function start(program: string, args: readonly string[], { cwd, env }: Surroundings = {}): Running {
  const child = spawn(program, args, {
    cwd,
    env: surrounding(env),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<Ended>((resolve, reject) => {
    let [stdout, stderr] = ['', ''];
    child.stdout?.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
  return { child, ended };
}

/** Runs `lastchunk` to its end. */
export async function lastchunk(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  const { cwd = process.cwd(), env } = surroundings;
  return (await runWarm({ argv: args, env: surrounding(env), cwd })) ?? (await alone(args, surroundings));
}

/** The same, in a process of its own: where it is about how that ends. */
export function alone(args: readonly string[], surroundings: Surroundings = {}): Promise<Ended> {
  return start(process.execPath, [BIN, ...args], surroundings).ended;
}
