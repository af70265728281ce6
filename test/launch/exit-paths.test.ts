import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { identityOf, ownIdentity } from '../../src/launch/process-identity.ts';
import { reapOrphans } from '../../src/launch/reap.ts';
import { isAlive, serverScript, temporaryFolder, until } from './temporary.ts';

const bundle = mkdtempSync(path.join(tmpdir(), 'lastchunk-host-'));
const children: ChildProcess[] = [];

beforeAll(async () => {
  // The host has to be a process of its own, and the oldest supported Node cannot run TypeScript.
  await build({
    configFile: false,
    logLevel: 'silent',
    ssr: { noExternal: true },
    build: {
      ssr: path.join(import.meta.dirname, 'programs', 'host.ts'),
      outDir: bundle,
      target: 'node20',
      rollupOptions: { output: { entryFileNames: 'host.mjs' } },
    },
  });
});

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

afterAll(() => rmSync(bundle, { recursive: true, force: true }));

interface Host {
  readonly process: ChildProcess;
  readonly serverPid: number;
  readonly ended: Promise<number | NodeJS.Signals | null>;
}

async function startHost(cacheFolder: string, end: string): Promise<Host> {
  const host = spawn(process.execPath, [path.join(bundle, 'host.mjs'), cacheFolder, serverScript, end], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  children.push(host);
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    host.once('exit', (code, signal) => resolve(signal ?? code)),
  );
  let printed = '';
  host.stdout.on('data', (bytes) => {
    printed += bytes;
  });
  await Promise.race([until(() => printed.includes('\n')), ended]);
  return { process: host, serverPid: Number(printed), ended };
}

/** A process that has nothing to do with us but that it runs. */
function innocent(env: Record<string, string> = {}): number {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], {
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, ...env },
  });
  children.push(child);
  return child.pid ?? 0;
}

function writeRecord(cacheFolder: string, record: object): void {
  mkdirSync(path.join(cacheFolder, 'run'), { recursive: true });
  writeFileSync(path.join(cacheFolder, 'run', 'port-1.json'), JSON.stringify(record));
}

const deadOwner = () => ({ ...ownIdentity(), startTime: '1' });

describe('when the program that started a server ends', () => {
  it.each(['exit', 'throw'])('by %s, the server ends with it', async (end) => {
    const cacheFolder = temporaryFolder();
    const host = await startHost(cacheFolder, end);
    await host.ended;
    expect(host.serverPid).toBeGreaterThan(1);
    await until(() => !isAlive(host.serverPid));
    expect(readdirSync(path.join(cacheFolder, 'run'))).toEqual([]);
    expect(readdirSync(path.join(cacheFolder, 'scratch'))).toEqual([]);
  });

  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'by %s, the server ends too and the signal is kept',
    async (signal) => {
      const host = await startHost(temporaryFolder(), 'wait');
      host.process.kill(signal);
      expect(await host.ended).toBe(signal);
      await until(() => !isAlive(host.serverPid));
    },
  );

  it.each(['listener', 'once'])(
    'by a signal it handles itself (%s), its own handler decides',
    async (end) => {
      const host = await startHost(temporaryFolder(), end);
      host.process.kill('SIGTERM');
      expect(await host.ended).toBe(7);
      await until(() => !isAlive(host.serverPid));
    },
  );

  it('by SIGKILL, the next run ends the server', async () => {
    const cacheFolder = temporaryFolder();
    const host = await startHost(cacheFolder, 'wait');
    expect(await reapOrphans(cacheFolder)).toEqual([]);
    expect(isAlive(host.serverPid)).toBe(true);

    host.process.kill('SIGKILL');
    await host.ended;
    expect(isAlive(host.serverPid)).toBe(true);
    const reaped = await reapOrphans(cacheFolder);
    expect(reaped.map((one) => one.pids)).toEqual([[host.serverPid]]);
    expect(reaped[0]?.command).toContain(serverScript);
    expect(isAlive(host.serverPid)).toBe(false);
    expect(readdirSync(path.join(cacheFolder, 'run'))).toEqual([]);
    expect(readdirSync(path.join(cacheFolder, 'scratch'))).toEqual([]);
  });

  it('having let the server go, it lives on and no run ends it', async () => {
    const cacheFolder = temporaryFolder();
    const host = await startHost(cacheFolder, 'release');
    try {
      expect(await host.ended).toBe(0);
      expect(await reapOrphans(cacheFolder)).toEqual([]);
      expect(isAlive(host.serverPid)).toBe(true);
    } finally {
      process.kill(host.serverPid, 'SIGKILL');
    }
  });
});

describe('reaping', () => {
  it('never touches a process that was given the pid of a dead server', async () => {
    const cacheFolder = temporaryFolder();
    const pid = innocent();
    await until(() => isAlive(pid));
    writeRecord(cacheFolder, {
      run: 'a-run',
      owner: deadOwner(),
      leader: { ...ownIdentity(), pid, startTime: '1' },
      command: ['server'],
    });
    expect(await reapOrphans(cacheFolder)).toEqual([]);
    expect(isAlive(pid)).toBe(true);
    expect(readdirSync(path.join(cacheFolder, 'run'))).toEqual([]);
  });

  it.runIf(process.platform === 'linux')(
    'finds the worker of a server that died, by the mark of the run',
    async () => {
      const cacheFolder = temporaryFolder();
      const pid = innocent({ LASTCHUNK_RUN: 'the-run-of-a-worker' });
      await until(() => isAlive(pid));
      writeRecord(cacheFolder, { run: 'the-run-of-a-worker', owner: deadOwner(), command: ['server'] });
      expect(await reapOrphans(cacheFolder)).toEqual([{ pids: [pid], command: ['server'] }]);
      expect(isAlive(pid)).toBe(false);
    },
  );

  it('leaves a record of another machine alone', async () => {
    const cacheFolder = temporaryFolder();
    const pid = innocent();
    await until(() => isAlive(pid));
    const leader = identityOf(pid);
    writeRecord(cacheFolder, {
      run: 'r',
      owner: { ...deadOwner(), place: 'elsewhere' },
      leader,
      command: [],
    });
    expect(await reapOrphans(cacheFolder)).toEqual([]);
    expect(isAlive(pid)).toBe(true);
    expect(readdirSync(path.join(cacheFolder, 'run'))).toHaveLength(1);
  });

  it('removes no folder outside its own', async () => {
    const cacheFolder = temporaryFolder();
    const precious = temporaryFolder();
    writeRecord(cacheFolder, { run: 'r', owner: deadOwner(), command: [], scratchFolder: precious });
    await reapOrphans(cacheFolder);
    expect(existsSync(precious)).toBe(true);
  });

  it('is not disturbed by a file that is no record', async () => {
    const cacheFolder = temporaryFolder();
    mkdirSync(path.join(cacheFolder, 'run'));
    writeFileSync(path.join(cacheFolder, 'run', 'port-2.json'), '{"leader":{"pid":-1}');
    expect(await reapOrphans(cacheFolder)).toEqual([]);
  });
});
