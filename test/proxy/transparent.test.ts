/** Without flags what passes is what came, but for what is about one connection. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { cert, key } from '../wire/certificate.ts';
import { exchange, rawClient, rawUpstream } from './raw.ts';
import { started } from './started.ts';

const answering = (text: string) => rawUpstream((socket) => socket.end(text, 'latin1'));
const CLOSE = 'Connection: close\r\n';

it('passes status, reason, and headers with case, order and duplicates, and adds none', async () => {
  const head =
    'HTTP/1.1 207 Very  Multi\r\nX-B: 1\r\nx-a: 2\r\nSet-Cookie: a=1\r\nX-b: 3\r\nset-cookie: b=\xe9\r\nCoNtEnT-LeNgTh: 2\r\n';
  const upstream = await answering(`${head}Connection: close, X-Hop\r\nX-Hop: 1\r\nKeep-Alive: 5\r\n\r\nok`);
  const proxy = await started(upstream.url);
  const { text } = await exchange(proxy.port, `GET /a HTTP/1.1\r\nHost: me\r\n${CLOSE}\r\n`);
  expect(text).toBe(`${head}Connection: close\r\n\r\nok`);
});

it('adds no header to an answer on a connection that stays open', async () => {
  const head = 'HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok';
  const upstream = await answering(head);
  const proxy = await started(upstream.url);
  const client = rawClient(proxy.port, 'GET / HTTP/1.1\r\nHost: me\r\n\r\n');
  expect(await client.until(/ok$/)).toBe(head);
});

it('passes the request on with case, order, duplicates, and its query; the host is the target’s', async () => {
  const upstream = await answering('HTTP/1.1 204 No Content\r\n\r\n');
  const proxy = await started(upstream.url);
  await exchange(
    proxy.port,
    `DELETE /a%2Fb//c?x=%20+&y=[1] HTTP/1.1\r\nX-B: 1\r\nhOST: me\r\nx-a: \xe9\r\nX-b: 2\r\n${CLOSE}TE: trailers\r\n\r\n`,
  );
  expect(upstream.received[0]).toBe(
    `DELETE /a%2Fb//c?x=%20+&y=[1] HTTP/1.1\r\nX-B: 1\r\nhOST: 127.0.0.1:${upstream.port}\r\nx-a: \xe9\r\nX-b: 2\r\nConnection: close\r\n\r\n`,
  );
});

it.each([
  ['a path', '/base', '/v1/models?a=1', '/base/v1/models?a=1'],
  ['a path with a slash', '/base/', '/v1/models', '/base/v1/models'],
  ['an absolute URL', '', 'http://other/v1/models?a', '/v1/models?a'],
  ['no path', '', '/', '/'],
])('puts the target’s own path before the path: %s', async (_, base, asked, sent) => {
  const upstream = await answering('HTTP/1.1 204 No Content\r\n\r\n');
  const proxy = await started(upstream.url + base);
  await exchange(proxy.port, `GET ${asked} HTTP/1.1\r\nHost: me\r\n${CLOSE}\r\n`);
  expect(upstream.received[0]?.split('\r\n')[0]).toBe(`GET ${sent} HTTP/1.1`);
});

it('a POST without a body announces none', async () => {
  const upstream = await answering('HTTP/1.1 204 No Content\r\n\r\n');
  const proxy = await started(upstream.url);
  await exchange(proxy.port, `POST /a HTTP/1.1\r\nHost: me\r\n${CLOSE}\r\n`);
  expect(upstream.received[0]).not.toMatch(/content-length|transfer-encoding/i);
});

it('passes redirects on', async () => {
  const upstream = await answering(
    'HTTP/1.1 307 Moved\r\nLocation: http://elsewhere/x\r\ncontent-length: 0\r\n\r\n',
  );
  const proxy = await started(upstream.url);
  const { text } = await exchange(proxy.port, `GET / HTTP/1.1\r\nHost: me\r\n${CLOSE}\r\n`);
  expect(text).toContain('HTTP/1.1 307 Moved\r\nLocation: http://elsewhere/x\r\n');
});

it.each([
  ['HEAD', 'HTTP/1.1 200 OK\r\ncontent-length: 12\r\n'],
  ['GET', 'HTTP/1.1 304 Not Modified\r\netag: "a"\r\ncontent-length: 12\r\n'],
  ['GET', 'HTTP/1.1 204 No Content\r\n'],
])('an answer without a body: %s, %s', async (method, head) => {
  const upstream = await answering(`${head}\r\n`);
  const proxy = await started(upstream.url);
  const { text } = await exchange(proxy.port, `${method} / HTTP/1.1\r\nHost: me\r\n${CLOSE}\r\n`);
  expect(text).toBe(`${head}Connection: close\r\n\r\n`);
});

it('passes trailers both ways', async () => {
  const upstream = await rawUpstream((socket) => {
    socket.end(
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: X-End\r\n\r\n2\r\nok\r\n0\r\nX-End: 1\r\n\r\n',
    );
  });
  const proxy = await started(upstream.url);
  const { text } = await exchange(
    proxy.port,
    `POST / HTTP/1.1\r\nHost: me\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n${CLOSE}\r\n2\r\nab\r\n0\r\nX-Sum: 7\r\n\r\n`,
  );
  expect(text).toMatch(/\r\nTrailer: X-End\r\n[\s\S]*2\r\nok\r\n0\r\nX-End: 1\r\n\r\n$/);
  expect(upstream.received[0]).toMatch(/2\r\nab\r\n0\r\nX-Sum: 7\r\n\r\n$/);
});

it('answers an HTTP/1.0 client without chunks', async () => {
  const upstream = await answering(
    'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n',
  );
  const proxy = await started(upstream.url);
  const { text, clean } = await exchange(proxy.port, 'GET / HTTP/1.0\r\n\r\n');
  expect(text).toBe('HTTP/1.1 200 OK\r\nConnection: close\r\n\r\nok');
  expect(clean).toBe(true);
});

it('passes headers of 16 KiB both ways', async () => {
  const big = 'v'.repeat(20_000);
  const upstream = await answering(`HTTP/1.1 200 OK\r\nX-Big: ${big}\r\ncontent-length: 0\r\n\r\n`);
  const proxy = await started(upstream.url);
  const { text } = await exchange(proxy.port, `GET / HTTP/1.1\r\nHost: me\r\nX-Mine: ${big}\r\n${CLOSE}\r\n`);
  expect(text).toContain(`X-Big: ${big}`);
  expect(upstream.received[0]).toContain(`X-Mine: ${big}`);
});

it('100-continue is the target’s to say', async () => {
  const upstream = await rawUpstream((socket) => {
    socket.write('HTTP/1.1 100 Continue\r\n\r\n');
    socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok'));
  });
  const proxy = await started(upstream.url);
  const client = rawClient(
    proxy.port,
    `POST / HTTP/1.1\r\nHost: me\r\nExpect: 100-continue\r\ncontent-length: 4\r\n${CLOSE}\r\n`,
  );
  await client.until(/^HTTP\/1.1 100 Continue\r\n\r\n$/);
  client.socket.write('body');
  expect((await client.closed).text).toMatch(/100 Continue\r\n\r\nHTTP\/1.1 200 OK[\s\S]*ok$/);
});

it('a body that the target does not want is refused before it is sent', async () => {
  const upstream = await answering('HTTP/1.1 413 Too Large\r\ncontent-length: 0\r\n\r\n');
  const proxy = await started(upstream.url);
  const client = rawClient(
    proxy.port,
    `POST / HTTP/1.1\r\nHost: me\r\nExpect: 100-continue\r\ncontent-length: 4\r\n\r\n`,
  );
  expect(await client.until(/\r\n\r\n/)).toContain('413 Too Large');
});

it('upgrades a connection, and bytes go both ways', async () => {
  const upstream = await rawUpstream((socket, text) => {
    if (/^GET/.test(text))
      socket.write(
        'HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\nX-a: 1\r\n\r\nhi ',
      );
    else socket.write(text);
  });
  const proxy = await started(upstream.url);
  const client = rawClient(
    proxy.port,
    'GET /s HTTP/1.1\r\nHost: me\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n',
  );
  expect(await client.until(/hi $/)).toMatch(
    /^HTTP\/1.1 101 Switching Protocols\r\nX-a: 1\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\nhi $/,
  );
  client.socket.write('back\r\n\r\n');
  expect(await client.until(/back/)).toMatch(/hi back\r\n\r\n$/);
  expect(upstream.received[0]).toContain('Upgrade: echo\r\n');
});

it('an upgrade that is refused is an answer like others', async () => {
  const upstream = await answering('HTTP/1.1 426 No\r\ncontent-length: 2\r\n\r\nno');
  const proxy = await started(upstream.url);
  const { text } = await exchange(
    proxy.port,
    'GET /s HTTP/1.1\r\nHost: me\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n',
  );
  expect(text).toBe('HTTP/1.1 426 No\r\ncontent-length: 2\r\nConnection: close\r\n\r\nno');
});

it('a request of an observed route stays HTTP, whatever it would like better', async () => {
  const upstream = await answering('HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok');
  const proxy = await started(upstream.url);
  const { text } = await exchange(
    proxy.port,
    'POST /v1/completions HTTP/1.1\r\nHost: me\r\nConnection: Upgrade, close\r\nUpgrade: h2c\r\ncontent-length: 2\r\n\r\n{}',
  );
  expect(text).toMatch(/200 OK[\s\S]*ok$/);
  expect(upstream.received[0]).toMatch(/\r\n\r\n\{\}$/);
});

it('streams a body of any size both ways', async () => {
  const body = randomBytes(8 * 1024 * 1024);
  const upstream = await started((await echoing()).url);
  const response = await fetch(`${upstream.url}/x`, { method: 'PUT', body });
  const back = Buffer.from(await response.arrayBuffer());
  const sum = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  expect(sum(back)).toBe(sum(body));
});

async function echoing() {
  const { createServer } = await import('node:http');
  const server = createServer((request, response) => request.pipe(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

it('speaks TLS with a target whose authority it was given', async () => {
  const server = createTlsServer({ key, cert }, (request, response) => {
    response.end(`${request.headers.host} ${request.url}`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const trusting = await started(`https://localhost:${port}`, { caPem: cert });
  expect(await (await fetch(`${trusting.url}/a`)).text()).toBe(`localhost:${port} /a`);
  const doubting = await started(`https://localhost:${port}`);
  expect((await fetch(`${doubting.url}/a`)).status).toBe(502);
});
