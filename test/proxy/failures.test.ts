/** What the proxy does where there is no whole answer to pass on, and where nobody waits for it. */
import { once } from 'node:events';
import { expect, it } from 'vitest';
import { exchange, rawClient, rawUpstream } from './raw.ts';
import { started } from './started.ts';

const GET = 'GET /a HTTP/1.1\r\nHost: me\r\nConnection: close\r\n\r\n';
const STREAM = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n';
const bodyOf = (text: string): unknown => JSON.parse(text.slice(text.indexOf('\r\n\r\n') + 4));
const refusal = { error: { message: expect.any(String), type: 'lastchunk_proxy' } };

it('502 where nothing listens', async () => {
  const proxy = await started('http://127.0.0.1:9');
  const { text } = await exchange(proxy.port, GET);
  expect(text).toMatch(/^HTTP\/1.1 502 /);
  expect(bodyOf(text)).toEqual(refusal);
});

it.each([
  ['the connection is closed before the head', ''],
  ['it is closed within the head', 'HTTP/1.1 200 OK\r\ncontent-ty'],
  ['what comes is no HTTP', 'SSH-2.0-OpenSSH\r\n\r\n'],
])('502 where %s', async (_, bytes) => {
  const upstream = await rawUpstream((socket) => socket.end(bytes));
  const proxy = await started(upstream.url);
  const { text } = await exchange(proxy.port, GET);
  expect(text).toMatch(/^HTTP\/1.1 502 /);
  expect(bodyOf(text)).toEqual(refusal);
});

it('504 where the server is silent before its head, and its connection is closed', async () => {
  const upstream = await rawUpstream(() => undefined);
  const proxy = await started(upstream.url, { idleMs: 50 });
  const { text } = await exchange(proxy.port, GET);
  expect(text).toMatch(/^HTTP\/1.1 504 /);
  expect(bodyOf(text)).toEqual(refusal);
  const [socket] = upstream.sockets;
  if (socket?.closed === false) await once(socket, 'close');
});

it.each([
  ['chunks', `${STREAM}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`],
  ['a length', `${STREAM}content-length: 10\r\n\r\nabc`],
])('an answer in %s that is cut off is cut off for the client, who has what came', async (_, bytes) => {
  const upstream = await rawUpstream((socket) => socket.write(bytes, () => socket.destroy()));
  const proxy = await started(upstream.url);
  const { text } = await exchange(proxy.port, GET);
  expect(text).toContain('abc');
  expect(text).not.toContain('\r\n0\r\n');
});

it('an HTTP/1.0 client sees a reset, not a clean end', async () => {
  const upstream = await rawUpstream((socket) => {
    socket.write(`${STREAM}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`, () => socket.destroy());
  });
  const proxy = await started(upstream.url);
  const { text, clean } = await exchange(proxy.port, 'GET /a HTTP/1.0\r\n\r\n');
  expect(text).toContain('abc');
  expect(clean).toBe(false);
});

it('a server that falls silent within its answer is cut off', async () => {
  const upstream = await rawUpstream((socket) => {
    socket.write(`${STREAM}Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n`);
  });
  const proxy = await started(upstream.url, { idleMs: 50 });
  const { text } = await exchange(proxy.port, GET);
  expect(text).toContain('abc');
  expect(text).not.toContain('\r\n0\r\n');
});

it('a client that leaves takes the request with it, at once', async () => {
  const upstream = await rawUpstream((socket) => socket.write(`${STREAM}content-length: 9\r\n\r\na`));
  const proxy = await started(upstream.url);
  const client = rawClient(proxy.port, GET);
  await client.until(/a$/);
  const [socket] = upstream.sockets;
  if (socket === undefined) throw new Error('no connection');
  const closed = once(socket, 'close');
  client.socket.destroy();
  await closed;
});

it('--drain reads on for so long', async () => {
  const upstream = await rawUpstream((socket) => socket.write(`${STREAM}content-length: 9\r\n\r\na`));
  const proxy = await started(upstream.url, { drainMs: 300 });
  const client = rawClient(proxy.port, GET);
  await client.until(/a$/);
  const [socket] = upstream.sockets;
  if (socket === undefined) throw new Error('no connection');
  const left = performance.now();
  client.socket.destroy();
  await once(socket, 'close');
  expect(performance.now() - left).toBeGreaterThan(250);
});

it('a client that does not read pauses the server, and nobody’s patience ends', async () => {
  const piece = Buffer.alloc(65_536, 'a');
  let written = 0;
  const upstream = await rawUpstream((socket) => {
    socket.write(`${STREAM}\r\n`);
    const pour = () => {
      while (socket.write(piece)) written += piece.length;
      written += piece.length;
    };
    socket.on('drain', pour);
    pour();
  });
  const proxy = await started(upstream.url, { idleMs: 500 });
  const client = rawClient(proxy.port, GET);
  await client.until(/aaa/);
  client.socket.pause();
  // When the server has been stopped for three times the limit it was stopped by the client.
  let before = -1;
  while (before !== written) {
    before = written;
    await new Promise((resolve) => setTimeout(resolve, 1500));
  }
  expect(client.socket.closed).toBe(false);
  expect(written).toBeLessThan(100e6);
  client.socket.resume();
  while (written < before + 1e6) {
    expect(client.socket.closed).toBe(false);
    await Promise.race([once(client.socket, 'data'), client.closed]);
  }
});

it('a draining proxy refuses what is new and waits for what is under way', async () => {
  let finish = () => {};
  const upstream = await rawUpstream((socket) => {
    socket.write(`${STREAM}content-length: 2\r\n\r\na`);
    finish = () => socket.end('b');
  });
  const proxy = await started(upstream.url, { shutdownMs: 60_000 });
  const client = rawClient(proxy.port, GET);
  await client.until(/a$/);
  const stopped = proxy.stop();
  const { text } = await exchange(proxy.port, GET);
  expect(text).toMatch(/^HTTP\/1.1 503 /);
  expect(bodyOf(text)).toEqual(refusal);
  finish();
  expect((await client.closed).text).toMatch(/ab$/);
  expect(await stopped).toBe(true);
});

it('what does not end in time is cut off', async () => {
  const upstream = await rawUpstream((socket) => socket.write(`${STREAM}content-length: 2\r\n\r\na`));
  const proxy = await started(upstream.url, { shutdownMs: 10 });
  const client = rawClient(proxy.port, GET);
  await client.until(/a$/);
  expect(await proxy.stop()).toBe(false);
  expect((await client.closed).text).toMatch(/a$/);
});
