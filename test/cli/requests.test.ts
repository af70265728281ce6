/** How requests go out: headers, keys, fields, names of servers. */
import { readFileSync } from 'node:fs';
import { createServer as createProxy, request as forward } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { AddressInfo, Server } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { cert, key } from '../wire/certificate.ts';
import { folder, lastchunk, reportOf, serving } from './lastchunk.ts';

const SMOKE = ['--suite', 'smoke', '--format', 'json'];

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

/** Passes everything on to a simulated server. */
function passOn(to: string, seen: string[]) {
  return (incoming: import('node:http').IncomingMessage, answer: import('node:http').ServerResponse) => {
    const { pathname } = new URL(incoming.url ?? '/', to);
    seen.push(incoming.url ?? '');
    const onward = forward(
      to + pathname,
      { method: incoming.method ?? 'GET', headers: incoming.headers },
      (reply) => {
        answer.writeHead(reply.statusCode ?? 500, reply.headers);
        reply.pipe(answer);
      },
    );
    incoming.pipe(onward);
  };
}

it('--header, --body and --api-key-env are in every request', async () => {
  const server = await serving();
  const flags = [
    '--header',
    'X-Route: fast',
    '--body',
    '{"user":"me"}',
    '--api-key-env',
    'MY_KEY',
    '--model',
    'toy',
  ];
  const { code } = await lastchunk(['check', server.url, ...SMOKE, ...flags], { MY_KEY: 'sk-abcdef' });
  expect(code).toBe(0);
  const sent = server.requests.filter(({ method }) => method === 'POST');
  expect(sent.length).toBeGreaterThan(10);
  for (const { headers, body, path } of sent) {
    expect(headers['x-route']).toBe('fast');
    const own = headers['x-api-key'] ?? headers['x-goog-api-key'];
    expect(headers.authorization ?? `Bearer ${own}`).toBe('Bearer sk-abcdef');
    const inPath = /models\/(\w+):/.exec(path)?.[1];
    expect({ model: inPath, ...JSON.parse(body) }).toMatchObject({ user: 'me', model: 'toy' });
  }
});

it('--api-key is warned about on stderr alone', async () => {
  const server = await serving();
  const ended = await lastchunk(['check', server.url, ...SMOKE, '--api-key', 'sk-abcdef']);
  expect(ended.stderr).toMatch(/^lastchunk: warning: [^\n]*--api-key-env[^\n]*\n$/);
  expect(reportOf(ended).exitCode).toBe(0);
});

it('servers have names of their own, labels find theirs', async () => {
  const server = await serving();
  const ended = await lastchunk([
    'check',
    server.url,
    `${server.url}/`,
    `${server.url}/v1`,
    `${server.url}?a=1`,
    ...SMOKE,
    '--label',
    `llama.cpp b11549=${server.url}/v1/`,
  ]);
  const { servers } = reportOf(ended);
  const host = server.url.slice('http://'.length);
  expect(servers.map(({ name }) => name)).toEqual([host, 'llama.cpp b11549', `${host} (2)`]);
  expect(servers[1]).toMatchObject({ product: 'llama.cpp', version: 'b11549', profile: 'llama.cpp' });
  expect(servers[0]).toMatchObject({ product: null, version: null, profile: 'openai' });
});

it('a label that names no known product gets no profile', async () => {
  const server = await serving();
  const ended = await lastchunk(['check', ...SMOKE, '--label', `my-server v1.2=${server.url}`]);
  expect(reportOf(ended).servers).toMatchObject([
    { product: 'my-server', version: '1.2', profile: 'openai' },
  ]);
});

it('--wait for a server that starts late', async () => {
  const late = await serving({
    atDoor: (_path, state) => {
      state.requests += 0;
      state.memory.set('asked', (state.memory.get('asked') ?? 0) + 1);
      return (state.memory.get('asked') ?? 0) < 3 ? { status: 503, body: '{"error":"loading"}' } : undefined;
    },
  });
  expect((await lastchunk(['check', late.url, ...SMOKE, '--wait', '10'])).code).toBe(0);
});

it('--cacert trusts a self-signed server; without it the report says what to do', async () => {
  const server = await serving();
  const port = await listening(createTls({ key, cert }, passOn(server.url, [])));
  const url = `https://localhost:${port}`;
  const refused = await lastchunk(['check', url, ...SMOKE]);
  expect(refused.code).toBe(3);
  expect(reportOf(refused).servers[0]?.halt?.message).toContain('--cacert');
  const { writeFileSync } = await import('node:fs');
  const file = join(folder(), 'ca.pem');
  writeFileSync(file, cert);
  expect((await lastchunk(['check', url, ...SMOKE, '--cacert', file])).code).toBe(0);
});

it('HTTP_PROXY is gone through, NO_PROXY not', async () => {
  const server = await serving();
  const asked: string[] = [];
  const proxy = `http://127.0.0.1:${await listening(createProxy(passOn(server.url, asked)))}`;
  const through = await lastchunk(['check', 'http://model.example', ...SMOKE], { HTTP_PROXY: proxy });
  expect(through.code).toBe(0);
  expect(asked.every((url) => url.startsWith('http://model.example/'))).toBe(true);
  const before = asked.length;
  const direct = await lastchunk(['check', server.url, ...SMOKE], {
    HTTP_PROXY: proxy,
    NO_PROXY: '127.0.0.1',
  });
  expect(direct.code).toBe(0);
  expect(asked.length).toBe(before);
});

it('several --output, and stdout besides', async () => {
  const server = await serving();
  const into = folder();
  const outputs = ['json', 'junit', 'markdown', 'html', 'github', 'table'];
  const flags = outputs.flatMap((format) => ['--output', `${format}=${join(into, 'new', format)}`]);
  const { code } = await lastchunk(['check', server.url, '--suite', 'smoke', ...flags]);
  expect(code).toBe(0);
  expect(JSON.parse(readFileSync(join(into, 'new', 'json'), 'utf8'))).toMatchObject({ exitCode: 0 });
  for (const format of outputs)
    expect(readFileSync(join(into, 'new', format), 'utf8')).not.toContain('\u001b[');
  const unwritten = await lastchunk([
    'check',
    server.url,
    '--suite',
    'smoke',
    '--output',
    'json=/proc/none/x',
  ]);
  expect(unwritten).toMatchObject({
    code: 3,
    stderr: expect.stringContaining('/proc/none/x could not be written'),
  });
});

it('--strict makes SHOULDs fail', async () => {
  const server = await serving({ mapHeaders: (headers) => ({ ...headers, 'content-type': 'text/plain' }) });
  expect((await lastchunk(['check', server.url, ...SMOKE])).code).toBe(0);
  expect((await lastchunk(['check', server.url, ...SMOKE, '--strict'])).code).toBe(1);
});

it('the model that can not be told ends the other servers, too', async () => {
  const slow = await serving({ delay: () => 60_000 });
  const many = await serving({ models: () => ({ status: 200, body: '{"data":[{"id":"a"},{"id":"b"}]}' }) });
  const begun = performance.now();
  const { code, stderr } = await lastchunk(['check', slow.url, many.url]);
  expect(code).toBe(2);
  expect(stderr).toMatch(/--model: "a", "b"/);
  expect(performance.now() - begun).toBeLessThan(30_000);
});
