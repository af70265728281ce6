/** Connections that never come to stand: TLS that hangs, lies, or is none. */

import { writeFileSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { join } from 'node:path';
import { createServer as createTlsServer } from 'node:tls';
import { describe, expect, it, onTestFinished } from 'vitest';
import { folder } from '../cli/lastchunk.ts';
import { cert, key } from '../wire/certificate.ts';
import { listening } from '../wire/raw-server.ts';
import { command } from './command.ts';
import { expectHarmlessText } from './outputs.ts';
import { pour } from './pouring.ts';
import { WHOLE } from './whole.ts';

type Answer = (socket: Socket) => void;

/** What is said on the bare connection, where a handshake is expected. */
const handshakes: Readonly<Record<string, Answer>> = {
  'never answered': () => undefined,
  'closed at once': (socket) => socket.end(),
  'reset at once': (socket) => socket.resetAndDestroy(),
  'answered in plain HTTP': (socket) => socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}'),
  'answered by plain HTTP without end': (socket) => pour(socket, 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(100)),
  'answered by an alert, and no more': (socket) => socket.write(Buffer.from([21, 3, 3, 0, 2, 1, 90])),
  'answered by alerts without end': (socket) =>
    pour(socket, Buffer.alloc(7000, Buffer.from([21, 3, 3, 0, 2, 1, 90]))),
  'answered by half a hello': (socket) =>
    socket.write(Buffer.from([22, 3, 3, 0x40, 0, 2, 0, 0x3f, 0xfc, 3, 3])),
  'answered by zeros without end': (socket) => pour(socket, Buffer.alloc(64_000)),
};

/** In `npm test`, one of each kind. */
const QUICK = new Set(['never answered', 'answered in plain HTTP', 'answered by half a hello']);

async function bareServer(answer: Answer, afterwards: typeof onTestFinished): Promise<number> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    answer(socket);
  });
  afterwards(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return await listening(server);
}

/** The report says why, the exit status is 3, and the process ends: whatever is still open. */
async function expectUnreached(port: number, more: readonly string[] = []): Promise<string> {
  const url = `https://localhost:${port}`;
  const { code, stdout, stderr } = await command(['check', url, '--no-config', '--timeout', '1s', ...more]);
  expect(code).toBe(3);
  expectHarmlessText(stdout + stderr, [], 'what is printed');
  expect(stdout).toContain('was not judged');
  return stdout.replace(/\s+/g, ' ');
}

describe('a handshake', () => {
  // Side by side: some wait for what never comes.
  it.concurrent.for(Object.entries(handshakes).filter(([name]) => WHOLE || QUICK.has(name)))(
    '%s',
    async ([_name, answer], { onTestFinished }) => {
      await expectUnreached(await bareServer(answer, onTestFinished));
    },
  );
});

async function tlsServer(answer: Answer): Promise<number> {
  const server = createTlsServer({ key, cert }, (socket) => {
    socket.on('error', () => undefined);
    answer(socket);
  });
  server.on('tlsClientError', () => undefined);
  onTestFinished(() => void server.close());
  return await listening(server);
}

it('a certificate that nobody vouches for is named', async () => {
  const said = await expectUnreached(await tlsServer(() => undefined));
  expect(said).toContain('certificate not trusted');
});

it('silence behind a handshake', async () => {
  const path = join(folder(), 'ca.pem');
  writeFileSync(path, cert);
  const port = await tlsServer(() => undefined);
  await expectUnreached(port, ['--cacert', path]);
});
