import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { BIN, type Running, start } from '../cli/child-process.ts';

export interface ProxyProcess extends Running {
  readonly line: string;
  readonly port: number;
  readonly url: string;
  /** null where there is no admin port. */
  readonly admin: string | null;
}

/**
 * `lastchunk proxy` as a process of its own, once it listens; ended with the test.
 * @param mostKibibytes that a file it writes can have, as on a disk that is full
 */
export async function proxyProcess(
  args: readonly string[],
  mostKibibytes: number | 'unlimited' = 'unlimited',
): Promise<ProxyProcess> {
  const command = [process.execPath, BIN, 'proxy', '--port', '0', ...args];
  const running = start('/bin/bash', ['-c', `ulimit -f ${mostKibibytes}; exec "$@"`, 'bash', ...command]);
  const { child, ended } = running;
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  let admin: string | null = null;
  child.stderr?.on('data', (text: string) => {
    admin ??= /admin port: (\S+)/.exec(text)?.[1] ?? null;
  });
  const line = await new Promise<string>((resolve, reject) => {
    if (child.stdout !== null) createInterface({ input: child.stdout }).once('line', resolve);
    void ended.then(({ stderr }) => reject(new Error(stderr)));
  });
  const port = Number(/:(\d+) ->/.exec(line)?.[1]);
  return { ...running, line, port, url: `http://127.0.0.1:${port}`, admin };
}
