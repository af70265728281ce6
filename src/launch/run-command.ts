import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync } from 'node:fs';
import path from 'node:path';
import { StringDecoder } from 'node:string_decoder';
import { LaunchError, systemErrorCode } from './errors.ts';
import { lineFeed } from './log-tail.ts';
import { endGroup, endOnExit } from './process-group.ts';
import { identityOf } from './process-identity.ts';
import { claimRecord, runVariable } from './run-records.ts';

export interface CommandToRun {
  readonly argv: readonly [string, ...string[]];
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  readonly cacheFolder: string;
  /** The file that gets everything it prints; several commands may add to one file. */
  readonly logPath: string;
  /** Is given every line as it comes. */
  readonly onLine?: (line: string) => void;
  /** What to do where there is no such program. */
  readonly whenMissing?: string;
  readonly signal?: AbortSignal | undefined;
}

export interface CommandOutcome {
  /** The exit code, or undefined when a signal ended it. */
  readonly exitCode: number | undefined;
  readonly stdout: string;
  /** The last twenty lines of both streams. */
  readonly lastLines: readonly string[];
}

const linesKept = 20;
const stdoutKept = 1_000_000;
const graceMs = 2000;

/**
 * Runs a command to its end in a process group of its own, which is ended when this process exits or `signal` aborts.
 *
 * @throws LaunchError when it cannot be started; the signal's reason when it was aborted.
 */
export async function runCommand(command: CommandToRun): Promise<CommandOutcome> {
  command.signal?.throwIfAborted();
  mkdirSync(path.dirname(command.logPath), { recursive: true });
  const [program, ...args] = command.argv;
  const record = claimRecord(command.cacheFolder, `command-${process.pid}-${process.hrtime.bigint()}`);
  record?.update({ command: [...command.argv] });

  const log = createWriteStream(command.logPath, { flags: 'a', mode: 0o600 });
  log.on('error', () => {}); // a full disk must not hide what the command itself has to say
  log.write(`$ ${command.argv.join(' ')}\n`);
  const child = spawn(program, args, {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...(command.env ?? process.env), ...(record ? { [runVariable]: record.run } : {}) },
    ...(command.cwd === undefined ? {} : { cwd: command.cwd }),
  });
  const pgid = child.pid;
  const leader = pgid === undefined ? undefined : identityOf(pgid);
  if (leader) record?.update({ leader });
  const forget = pgid === undefined ? () => {} : endOnExit({ pgid, cleanUp: () => record?.remove() });

  let stdout = '';
  let last: string[] = [];
  const watch = (stream: NodeJS.ReadableStream, keep: (text: string) => void) => {
    const decoder = new StringDecoder('utf8');
    const lines = lineFeed((line) => {
      last = [...last, line].slice(-linesKept);
      command.onLine?.(line);
    });
    stream.on('data', (bytes: Buffer) => {
      log.write(bytes);
      const text = decoder.write(bytes);
      keep(text);
      lines.push(text);
    });
    stream.on('end', () => lines.end());
  };
  watch(child.stdout, (text) => {
    if (stdout.length < stdoutKept) stdout += text;
  });
  watch(child.stderr, () => {});

  const closed = new Promise<number | undefined>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? undefined));
  });
  const onAbort = () => {
    if (pgid !== undefined)
      void endGroup(
        pgid,
        closed.catch(() => {}),
        graceMs,
      );
  };
  command.signal?.addEventListener('abort', onAbort, { once: true });
  try {
    const exitCode = await closed;
    command.signal?.throwIfAborted();
    return { exitCode, stdout, lastLines: last };
  } catch (error) {
    if (command.signal?.aborted) throw error;
    const missing = systemErrorCode(error) === 'ENOENT';
    const advice = command.whenMissing === undefined ? '' : `; ${command.whenMissing}`;
    const why = missing
      ? `there is no such program${advice}`
      : error instanceof Error
        ? error.message
        : String(error);
    throw new LaunchError(`cannot run ${program}: ${why}`, { cause: error });
  } finally {
    command.signal?.removeEventListener('abort', onAbort);
    forget();
    record?.remove();
    // Whoever is told of a failure is sent to the log: it has to be whole by then.
    await new Promise<void>((resolve) => log.end(() => resolve()));
  }
}
