/** The real command. */
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { Report } from '../../src/model/report.ts';
import type { Habits } from '../servers/habits.ts';
import { type RunningServer, startServer } from '../servers/model-server.ts';
import { runWarm } from './warm.ts';

export const BIN = fileURLToPath(new URL('../../bin/lastchunk.js', import.meta.url));

export interface Ended {
  /** The signal's name where it was killed by one. */
  readonly code: number | string;
  readonly stdout: string;
  readonly stderr: string;
}

const QUIET = { NO_COLOR: undefined, FORCE_COLOR: undefined, HTTP_PROXY: undefined, http_proxy: undefined };

const surrounding = (env: Record<string, string>) => ({ ...process.env, ...QUIET, ...env });

/** In a process of its own. */
export function start(flags: readonly string[], env: Record<string, string> = {}): ChildProcess {
  return spawn(process.execPath, [BIN, ...flags], { env: surrounding(env) });
}

export function ended(child: ChildProcess): Promise<Ended> {
  let [stdout, stderr] = ['', ''];
  child.stdout?.on('data', (bytes) => {
    stdout += bytes;
  });
  child.stderr?.on('data', (bytes) => {
    stderr += bytes;
  });
  return new Promise((resolve) => {
    child.once('close', (code, signal) => resolve({ code: code ?? String(signal), stdout, stderr }));
  });
}

export async function lastchunk(flags: readonly string[], env: Record<string, string> = {}): Promise<Ended> {
  const line = { argv: flags, env: surrounding(env), cwd: process.cwd() };
  return (await runWarm(line)) ?? (await ended(start(flags, env)));
}

/** The JSON document on stdout, and nothing else beside it. */
export function reportOf({ stdout }: Ended): Report {
  return JSON.parse(stdout) as Report;
}

/** A simulated server for the length of a test. */
export async function serving(habits: Habits = {}): Promise<RunningServer> {
  const server = await startServer(habits);
  onTestFinished(() => server.close());
  return server;
}

/** An empty folder for the length of a test. */
export function folder(): string {
  const path = mkdtempSync(join(tmpdir(), 'lastchunk-cli-'));
  onTestFinished(() => rmSync(path, { recursive: true, force: true }));
  return path;
}
