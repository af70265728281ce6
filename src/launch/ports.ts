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

/** Ports this process has handed out: the operating system may offer one again before its server has bound it. */
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
