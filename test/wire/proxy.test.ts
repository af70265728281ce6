import { createServer } from 'node:http';
import { connect } from 'node:net';
import { afterEach, expect, it, onTestFinished } from 'vitest';
import { post, rawServer, response, STREAM_HEAD, streamOf, testWire } from './raw-server.ts';
import { GOOD, sse, tinyApi } from './tiny-api.ts';

const NAMES = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY', 'no_proxy', 'NO_PROXY'];
const before = NAMES.map((name) => [name, process.env[name]] as const);

afterEach(() => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

/** A forwarding proxy that remembers what it was asked for. */
async function proxy(status?: number): Promise<{ readonly url: string; readonly asked: string[] }> {
  const asked: string[] = [];
  const server = createServer((request, answer) => {
    asked.push(request.url ?? '');
    if (status !== undefined) answer.writeHead(status).end();
    else answer.writeHead(200, { 'content-type': 'text/event-stream' }).end(sse(...GOOD));
  });
  server.on('connect', (request, socket) => {
    asked.push(`CONNECT ${request.url}`);
    if (status !== undefined) return socket.end(`HTTP/1.1 ${status} No\r\n\r\n`);
    const [host, port] = (request.url ?? '').split(':');
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      onward.pipe(socket).pipe(onward);
    });
    return onward.on('error', () => socket.destroy());
  });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { url: `http://127.0.0.1:${port}`, asked };
}

function setProxy(values: Record<string, string>): void {
  for (const name of NAMES) delete process.env[name];
  Object.assign(process.env, values);
}

it('HTTP_PROXY is asked for plain http, as curl does', async () => {
  const { url, asked } = await proxy();
  setProxy({ HTTP_PROXY: url });
  const { reply } = await testWire().send(post('http://model.example/v1/x'), { api: tinyApi });
  expect(streamOf(reply).events).toBe(5);
  expect(asked).toEqual(['http://model.example/v1/x']);
});

it('NO_PROXY goes straight', async () => {
  const { url, asked } = await proxy();
  setProxy({ HTTP_PROXY: url, NO_PROXY: '127.0.0.1' });
  const server = await rawServer((socket) =>
    socket.end(`${STREAM_HEAD}connection: close\r\n\r\n${sse(...GOOD)}`),
  );
  const wire = testWire();
  for (let i = 0; i < 2; i += 1) {
    expect(response((await wire.send(post(server.url), { api: tinyApi })).reply).status).toBe(200);
  }
  expect(asked).toEqual([]);
});

it('HTTPS_PROXY is asked for a tunnel; its refusal is no word of the server', async () => {
  const { url, asked } = await proxy(403);
  setProxy({ HTTPS_PROXY: url });
  const { reply } = await testWire().send(post('https://model.example/v1/x'), { api: tinyApi });
  expect(asked).toEqual(['CONNECT model.example:443']);
  expect(reply).toMatchObject({ kind: 'unreachable', message: expect.stringContaining('403') });
});

it('a proxy that is not there → unreachable', async () => {
  setProxy({ HTTP_PROXY: 'http://127.0.0.1:1' });
  const { reply } = await testWire().send(post('http://model.example/v1/x'), { api: tinyApi });
  expect(reply.kind).toBe('unreachable');
});

it('a proxy URL that is none → unreachable', async () => {
  setProxy({ HTTP_PROXY: 'http://:nonsense:' });
  const { reply } = await testWire().send(post('http://model.example/v1/x'), { api: tinyApi });
  expect(reply.kind).toBe('unreachable');
});
