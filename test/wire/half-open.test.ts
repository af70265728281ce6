/** A connection that does not come to stand is closed once it is given up: a process would wait for it. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { listening, post, rawServer, testWire } from './raw-server.ts';

const NAMES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'];
const before = NAMES.map((name) => [name, process.env[name]] as const);

afterEach(() => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

/** Accepts, says what it is told to, and then nothing. `closed` settles with the first connection's end. */
async function mute(says: (socket: Socket) => void = () => undefined) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined).resume();
    says(socket);
  });
  const closed = once(server, 'connection').then(([socket]: Socket[]) => socket && once(socket, 'close'));
  const port = await listening(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { port, closed };
}

const look = (url: string) =>
  testWire().send({ method: 'GET', url, body: null }, { api: null, limits: { connectMs: 150 } });

const tunnel = (socket: Socket) => {
  socket.once('data', () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
};

it('a TLS handshake that is not answered', async () => {
  const { port, closed } = await mute();
  const { reply } = await look(`https://127.0.0.1:${port}/v1/models`);
  expect(reply.kind).toBe('unreachable');
  await closed;
});

it.each([
  ['a proxy that does not answer CONNECT', 'http', undefined],
  ['a proxy whose own TLS handshake is not answered', 'https', undefined],
  ['a TLS handshake through a tunnel that is not answered', 'http', tunnel],
])('%s', async (_what, scheme, says) => {
  const { port, closed } = await mute(says);
  for (const name of NAMES) delete process.env[name];
  process.env.HTTPS_PROXY = `${scheme}://127.0.0.1:${port}`;
  const { reply } = await look('https://model.example/v1/models');
  expect(reply.kind).toBe('unreachable');
  await closed;
});

it('an interrupted handshake', async () => {
  const { port, closed } = await mute();
  const interrupt = new AbortController();
  const url = `https://127.0.0.1:${port}/`;
  const sent = testWire().send({ method: 'GET', url, body: null }, { api: null, signal: interrupt.signal });
  setImmediate(() => interrupt.abort());
  expect((await sent).reply.kind).toBe('unsent');
  await closed;
});

it('many connections one after another keep no listeners', async () => {
  const warnings: string[] = [];
  const onWarning = ({ name }: Error) => warnings.push(name);
  process.on('warning', onWarning);
  onTestFinished(() => void process.off('warning', onWarning));
  const server = await rawServer((socket) =>
    socket.end('HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 2\r\n\r\n{}'),
  );
  const wire = testWire();
  for (let n = 0; n < 15; n += 1) await wire.send(post(server.url), { api: null });
  // Node tells in a later tick.
  await new Promise((resolve) => setImmediate(resolve));
  expect(server.connections()).toBe(15);
  expect(warnings).toEqual([]);
});

/** Listens and accepts nobody; what it does not accept is dropped once its queue is full. */
const DEAF = `
  const { parentPort, workerData } = require('node:worker_threads');
  const server = require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(workerData), 0, 0));
  });
`;

it.each(['http', 'https'])('a connection over %s that nobody accepts', async (scheme) => {
  const asleep = new SharedArrayBuffer(4);
  const worker = new Worker(DEAF, { eval: true, workerData: asleep });
  onTestFinished(async () => {
    Atomics.notify(new Int32Array(asleep), 0);
    await worker.terminate();
  });
  const [port]: number[] = await once(worker, 'message');
  const connecting = () =>
    process.getActiveResourcesInfo().filter((name) => name.endsWith('ConnectWrap')).length;
  const atFirst = connecting();
  const wire = testWire();
  const request = { method: 'GET', url: `${scheme}://127.0.0.1:${port}/`, body: null } as const;
  const limits = { connectMs: 150, firstByteMs: 150 };
  const looks = Array.from({ length: 8 }, () => wire.send(request, { api: null, limits }));
  const replies = (await Promise.all(looks)).map(({ reply }) => reply.kind);
  expect(replies).toContain('unreachable');
  await expect.poll(connecting).toBe(atFirst);
});
