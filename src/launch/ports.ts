import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { createServer } from 'node:net';
import { systemErrorCode } from './errors.ts';
import { claimRecord, type WrittenRecord } from './run-records.ts';

/** A port the operating system holds free at this moment on `host`. */
export async function freePort(host: string): Promise<number> {
  const port = await listenBriefly(host, 0);
  if (port === undefined) throw new Error('the operating system gave no port');
  return port;
}

/** Whether something listens on the port already. */
export async function isPortTaken(host: string, port: number): Promise<boolean> {
  return (await listenBriefly(host, port)) === undefined;
}

function listenBriefly(host: string, port: number): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error) => {
      if (systemErrorCode(error) === 'EADDRINUSE') resolve(undefined);
      else reject(error);
    });
    server.listen({ host, port, exclusive: true }, () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' ? address?.port : undefined));
    });
  });
}

/** Ports this process has given to servers: the operating system may offer one again before its server has bound it. */
const handedOut = new Set<number>();

/**
 * A free port that no other server of this process, nor of another process that shares the cache folder, was given.
 *
 * @param find where candidates come from; the operating system, unless a test says otherwise.
 * @returns the port, and the run record that claims it.
 */
export async function claimPort(
  cacheFolder: string,
  host: string,
  find: (host: string) => Promise<number> = freePort,
): Promise<{ port: number; record: WrittenRecord }> {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const port = await find(host);
    if (handedOut.has(port)) continue;
    const record = claimRecord(cacheFolder, `port-${port}`);
    if (!record) continue;
    handedOut.add(port);
    return { port, record };
  }
  throw new Error(`no free port on ${host}: 50 in a row were spoken for`);
}

/** The inodes of the sockets that listen on a TCP port, from the text of `/proc/net/tcp` or `/proc/net/tcp6`. */
function listeningInodes(table: string, port: number): string[] {
  const listen = '0A';
  const hexPort = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes: string[] = [];
  for (const line of table.split('\n').slice(1)) {
    const fields = line.trim().split(/\s+/);
    const [, local, , state] = fields;
    const inode = fields[9];
    if (state === listen && local?.endsWith(`:${hexPort}`) && inode) inodes.push(inode);
  }
  return inodes;
}

function processGroupOf(pid: string): number | undefined {
  const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
  return Number(text.slice(text.lastIndexOf(')') + 2).split(' ')[2]);
}

function holdsSocket(pid: string, sockets: ReadonlySet<string>): boolean {
  return readdirSync(`/proc/${pid}/fd`).some((fd) => {
    try {
      return sockets.has(readlinkSync(`/proc/${pid}/fd/${fd}`));
    } catch {
      return false;
    }
  });
}

/**
 * Whether the process that listens on a loopback port belongs to a process group. A server that could not bind its
 * port must not be taken for ready because another process answers there.
 *
 * @returns `unknown` where the system does not tell (no `/proc`).
 */
export function whoListens(port: number, pgid: number): 'group' | 'stranger' | 'unknown' {
  try {
    const tables = ['/proc/net/tcp', '/proc/net/tcp6'].map((file) => readIfThere(file));
    const sockets = new Set(
      tables.flatMap((table) => listeningInodes(table, port)).map((n) => `socket:[${n}]`),
    );
    if (sockets.size === 0) return 'unknown';
    for (const pid of readdirSync('/proc')) {
      if (!/^\d+$/.test(pid)) continue;
      try {
        if (processGroupOf(pid) === pgid && holdsSocket(pid, sockets)) return 'group';
      } catch {
        // It ended while we looked.
      }
    }
    return 'stranger';
  } catch {
    return 'unknown';
  }
}

function readIfThere(file: string): string {
  try {
    return readFileSync(file, 'latin1');
  } catch {
    return '';
  }
}
