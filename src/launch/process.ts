import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { asFileName } from './cache-folder.ts';
import { LaunchError } from './errors.ts';
import { claimPort, isPortTaken } from './ports.ts';
import { reapOrphans } from './reap.ts';
import {
  endProcessesOfRun,
  processesOfRun,
  scratchRoot,
  signalProcesses,
  type WrittenRecord,
} from './run-records.ts';
import type { RunningServer, ServerPlace, StartOptions } from './running-server.ts';
import { type Death, describeDeath, type ServerLife, startLife } from './server-life.ts';
import { waitUntilReady } from './wait-until-ready.ts';

export type { RunningServer, ServerPlace, StartOptions } from './running-server.ts';
export type { ServerCommand } from './server-life.ts';

/** How long what is left outside the group may take to end after SIGTERM, ms. */
const leftoverGraceMs = 2000;
const bindAttempts = 4;
const bindFailure =
  /address already in use|EADDRINUSE|only one usage of each socket|(could ?n[o']t|failed to|cannot) bind/i;

/**
 * Starts a server on a free loopback port and waits until it answers.
 *
 * @throws LaunchError when it cannot be started, dies, or does not become ready in time (with its last log lines);
 *   the signal's reason when it was aborted. Nothing is left running in either case.
 */
export async function startServer(options: StartOptions): Promise<RunningServer> {
  if (process.platform === 'win32') throw new LaunchError('servers cannot be launched on Windows; use WSL');
  await reapOrphans(options.cacheFolder);
  for (let attempt = 1; ; attempt += 1) {
    options.signal?.throwIfAborted();
    const server = await claimedServer(options);
    try {
      await server.live();
      return server.running;
    } catch (error) {
      const clash = server.hasClashed() || (await isBindFailure(server));
      await server.running.stop();
      if (!clash || attempt === bindAttempts || options.signal?.aborted) throw error;
    }
  }
}

interface ClaimedServer {
  readonly running: RunningServer;
  live(): Promise<void>;
  hasClashed(): boolean;
}

/** Whether a server died because somebody else got its port first. */
async function isBindFailure({ running }: ClaimedServer): Promise<boolean> {
  if (running.deaths.length === 0) return false;
  if (running.lastLog(50).some((line) => bindFailure.test(line))) return true;
  return await isPortTaken(running.host, running.port);
}

async function claimedServer(options: StartOptions): Promise<ClaimedServer> {
  const host = options.host ?? '127.0.0.1';
  const { port, record } = await claimPort(options.cacheFolder, host, options.findPort);
  const name = asFileName(`${options.name.replaceAll(' ', '-')}-${port}`);
  const scratchFolder = path.join(scratchRoot(options.cacheFolder), name);
  const logPath = path.join(
    options.logFolder ?? path.join(options.cacheFolder, 'logs'),
    `${name}-${timestamp()}.log`,
  );
  try {
    record.update({ scratchFolder });
    rmSync(scratchFolder, { recursive: true, force: true });
    mkdirSync(scratchFolder, { recursive: true });
    mkdirSync(path.dirname(logPath), { recursive: true });
    return serverAt(options, { host, port, scratchFolder }, record, logPath);
  } catch (error) {
    record.remove();
    throw error;
  }
}

function serverAt(
  options: StartOptions,
  place: ServerPlace,
  record: WrittenRecord,
  logPath: string,
): ClaimedServer {
  const { name } = options;
  const baseUrl = `http://${place.host.includes(':') ? `[${place.host}]` : place.host}:${place.port}`;
  const deaths: Death[] = [];
  let life: ServerLife | undefined;
  let restarted = false;
  let closed = false;
  let clashed = false;

  const forgetAll = () => {
    record.remove();
    rmSync(place.scratchFolder, { recursive: true, force: true });
  };

  const live = async () => {
    const command = options.command(place);
    const onExitOfParent = () => {
      signalProcesses(processesOfRun(record.run), 'SIGKILL');
      forgetAll();
    };
    const started = await startLife({ name, command, record, logPath, onExitOfParent });
    life = started;
    void started.exited.then((death) => {
      if (!death.asked) deaths.push(death);
    });
    const outcome = await waitUntilReady({
      url: new URL(options.readyPath ?? '/v1/models', baseUrl).href,
      life: started,
      port: place.port,
      timeoutMs: options.startTimeoutMs ?? 120_000,
      listensOutside: options.listensOutside ?? false,
      signal: options.signal,
    });
    if (outcome.kind !== 'ready') {
      clashed = outcome.kind === 'stranger';
      throw new LaunchError(`${name} ${outcome.what}`, { details: started.lastLog(20), logPath });
    }
    await options.afterReady?.(place);
  };

  const present = (): ServerLife => {
    if (!life) throw new LaunchError(`${name} has not been started`);
    return life;
  };

  const running: RunningServer = {
    name,
    baseUrl,
    host: place.host,
    port: place.port,
    logPath,
    deaths,
    get pid() {
      return present().pid;
    },
    get exited() {
      return present().exited;
    },
    lastLog: (count = 20) => life?.lastLog(count) ?? [],
    async restart() {
      if (closed) throw new LaunchError(`${name} was stopped and cannot be restarted`);
      if (present().isAlive()) throw new LaunchError(`${name} still runs and cannot be restarted`);
      if (restarted)
        throw new LaunchError(
          `${name} died again after its restart: ${describeDeath(await present().exited)}`,
        );
      restarted = true;
      await endProcessesOfRun(record.run, leftoverGraceMs);
      try {
        await live();
      } catch (error) {
        await running.stop();
        throw error;
      }
    },
    async stop() {
      closed = true;
      await life?.end(options.stopGraceMs ?? 5000);
      await endProcessesOfRun(record.run, leftoverGraceMs);
      forgetAll();
    },
    release() {
      closed = true;
      life?.release();
      record.remove();
    },
  };
  return { running, live, hasClashed: () => clashed };
}

function timestamp(): string {
  return new Date().toISOString().replace(/[:.]/g, '-');
}
