import { readdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { LaunchError } from '../../src/launch/errors.ts';
import { freePort } from '../../src/launch/ports.ts';
import { type RunningServer, type StartOptions, startServer } from '../../src/launch/process.ts';
import { isAlive, serverScript, temporaryFolder, until } from './temporary.ts';

const running: RunningServer[] = [];
const strangers: Server[] = [];

afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop()));
  for (const stranger of strangers.splice(0)) stranger.close();
});

function options(mode: string, more: Partial<StartOptions> = {}): StartOptions {
  return {
    name: `test ${mode}`,
    command: ({ port }) => ({ argv: [process.execPath, serverScript, mode, String(port)] }),
    cacheFolder: temporaryFolder(),
    ...more,
  };
}

async function start(mode: string, more: Partial<StartOptions> = {}): Promise<RunningServer> {
  const server = await startServer(options(mode, more));
  running.push(server);
  return server;
}

async function failureOf(promise: Promise<unknown>): Promise<LaunchError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!(error instanceof LaunchError)) throw new Error(`no LaunchError but ${String(error)}`);
  return error;
}

/** A server of somebody else, on a port that is then offered first. */
async function occupiedPort(): Promise<number> {
  const stranger = createServer((_, response) => response.end('a stranger'));
  strangers.push(stranger);
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve));
  const address = stranger.address();
  if (typeof address !== 'object' || !address) throw new Error('no address');
  return address.port;
}

describe('a server that works', () => {
  it.runIf(process.platform === 'linux')('is gone after stop where it left its process group', async () => {
    const server = await start('daemon', { listensOutside: true });
    const answer = (await (await fetch(server.baseUrl)).json()) as { pid: number };
    expect(answer.pid).not.toBe(server.pid);
    await server.stop();
    expect(isAlive(answer.pid)).toBe(false);
  });

  it('is ready when startServer returns, logs to its file, and is gone after stop', async () => {
    const cacheFolder = temporaryFolder();
    const server = await start('ok', { cacheFolder });
    expect((await fetch(`${server.baseUrl}/v1/models`)).status).toBe(200);
    expect(readFileSync(server.logPath, 'utf8')).toContain(`port ${server.port}`);
    expect(server.lastLog()).toEqual([`mode ok, port ${server.port}`]);
    await server.stop();
    expect(await server.exited).toMatchObject({ kind: 'signal', signal: 'SIGTERM', asked: true });
    expect(server.deaths).toEqual([]);
    expect(readdirSync(path.join(cacheFolder, 'run'))).toEqual([]);
    expect(readdirSync(path.join(cacheFolder, 'scratch'))).toEqual([]);
    await server.stop();
  });

  it('never shares its port, whatever the system offers', async () => {
    const cacheFolder = temporaryFolder();
    const few = [await freePort('127.0.0.1'), await freePort('127.0.0.1'), await freePort('127.0.0.1')];
    let asked = 0;
    const findPort = async () => few[Math.floor(asked++ / 3)] ?? (await freePort('127.0.0.1'));
    const servers = await Promise.all(
      Array.from({ length: 5 }, () => start('ok', { cacheFolder, findPort })),
    );
    expect(new Set(servers.map((server) => server.port)).size).toBe(5);
  });

  it('is ended with all its children', async () => {
    const server = await start('parent');
    const child = Number(/child (\d+)/.exec(server.lastLog().join('\n'))?.[1]);
    expect(isAlive(child)).toBe(true);
    await server.stop();
    await until(() => !isAlive(child));
  });

  it('takes its children along when it dies by itself', async () => {
    const server = await start('parent');
    const child = Number(/child (\d+)/.exec(server.lastLog().join('\n'))?.[1]);
    await fetch(`${server.baseUrl}/die`).catch(() => {});
    await until(() => !isAlive(child));
  });

  it('is killed when it does not listen to SIGTERM', async () => {
    const server = await start('deaf', { stopGraceMs: 50 });
    await server.stop();
    expect(await server.exited).toMatchObject({ signal: 'SIGKILL', asked: true });
  });
});

describe('a server that does not come up', () => {
  it('that dies at once is reported with its exit code, last lines and log', async () => {
    const error = await failureOf(startServer(options('dies')));
    expect(error.message).toBe('test dies died before it was ready (exit code 3)');
    expect(error.details.at(-1)).toBe('cannot read the model');
    expect(error.logPath).toMatch(/\.log$/);
  });

  it('that never gets ready is ended, and what it answered is said', async () => {
    const cacheFolder = temporaryFolder();
    const error = await failureOf(startServer(options('loading', { cacheFolder, startTimeoutMs: 400 })));
    expect(error.message).toMatch(/did not become ready within 0\.4 s \(GET .*\/v1\/models: /);
    expect(readdirSync(path.join(cacheFolder, 'run'))).toEqual([]);
  });

  it('that does not exist is named', async () => {
    const command = () => ({ argv: ['/nowhere/llama-server'] as const });
    const error = await failureOf(startServer(options('ok', { command })));
    expect(error.message).toBe('cannot start test ok (/nowhere/llama-server): there is no such program');
  });

  it('is ended when the wait is aborted', async () => {
    const cacheFolder = temporaryFolder();
    const abort = new AbortController();
    let pid: number | undefined;
    const starting = startServer(options('loading', { cacheFolder, signal: abort.signal }));
    const outcome = expect(starting).rejects.toThrow('enough');
    const runFolder = path.join(cacheFolder, 'run');
    await until(() => {
      const [name] = readdirSync(cacheFolder).includes('run') ? readdirSync(runFolder) : [];
      if (!name?.endsWith('.json')) return false;
      pid = JSON.parse(readFileSync(path.join(runFolder, name), 'utf8')).leader?.pid;
      return pid !== undefined;
    });
    abort.abort(new Error('enough'));
    await outcome;
    expect(isAlive(pid ?? 0)).toBe(false);
  });

  it('whose preparation fails after it was ready is ended', async () => {
    const cacheFolder = temporaryFolder();
    const afterReady = async () => {
      throw new LaunchError('ollama create failed');
    };
    const error = await failureOf(startServer(options('ok', { cacheFolder, afterReady })));
    expect(error.message).toBe('ollama create failed');
    expect(readdirSync(path.join(cacheFolder, 'run'))).toEqual([]);
  });
});

describe('a port that somebody else got first', () => {
  it.each(['ok', 'stubborn'])('is given up for another (%s server)', async (mode) => {
    const taken = await occupiedPort();
    let asked = 0;
    const server = await start(mode, {
      findPort: async (host) => (asked++ === 0 ? taken : await freePort(host)),
    });
    expect(server.port).not.toBe(taken);
    expect(await (await fetch(server.baseUrl)).json()).toEqual({ mode, pid: server.pid });
  });

  it('is given up, too, where the server may listen outside its group', async () => {
    const taken = await occupiedPort();
    let asked = 0;
    const server = await start('ok', {
      listensOutside: true,
      findPort: async (host) => (asked++ === 0 ? taken : await freePort(host)),
    });
    expect(server.port).not.toBe(taken);
  });

  it('is an error when every port is taken', async () => {
    const ports = await Promise.all(Array.from({ length: 8 }, occupiedPort));
    const error = await failureOf(startServer(options('ok', { findPort: async () => ports.pop() ?? 1 })));
    expect(error.message).toMatch(/listens there|died before it was ready/);
  });
});

describe('a server that dies in mid-run', () => {
  it('says how, and can be restarted once on its port', async () => {
    const server = await start('ok');
    const { baseUrl, pid } = server;
    await expect(server.restart()).rejects.toThrow('still runs');
    await fetch(`${baseUrl}/die`).catch(() => {});
    const death = await server.exited;
    expect(death).toMatchObject({ kind: 'signal', signal: 'SIGABRT', asked: false });
    expect(death.lastLog.at(-1)).toBe('told to die');

    await server.restart();
    expect(server.baseUrl).toBe(baseUrl);
    expect(server.pid).not.toBe(pid);
    expect((await fetch(baseUrl)).status).toBe(200);
    expect(server.lastLog()).not.toContain('told to die');
    expect(readFileSync(server.logPath, 'utf8')).toContain('told to die');

    await fetch(`${baseUrl}/die`).catch(() => {});
    await server.exited;
    expect(server.deaths).toHaveLength(2);
    await expect(server.restart()).rejects.toThrow('died again after its restart: SIGABRT');
  });

  it('cannot be restarted once it was stopped', async () => {
    const server = await start('ok');
    await server.stop();
    await expect(server.restart()).rejects.toThrow('was stopped');
  });
});
