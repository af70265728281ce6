/** Where an API wants its key, and where it hangs. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import type { ApiId } from '../../src/model/api.ts';
import { checkServers } from '../../src/run/run.ts';
import { SETTINGS, targetAt } from './settings.ts';

interface Asked {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
}

/** All requests but those for the model list; each is answered with this status. */
async function askedOf(
  api: ApiId,
  status: (headers: IncomingHttpHeaders) => number,
  path = '',
): Promise<readonly Asked[]> {
  const asked: Asked[] = [];
  const server = createServer(({ url, headers }, response) => {
    const models = url?.endsWith('/models');
    if (!models) asked.push({ path: url ?? '', headers });
    response.writeHead(models ? 200 : status(headers), { 'content-type': 'application/json' });
    response.end(models ? '{"data":[{"id":"m"}]}' : '{"error":{"message":"no"}}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  const { port } = server.address() as AddressInfo;
  const target = targetAt(`http://127.0.0.1:${port}${path}`, {
    headers: { Authorization: 'Bearer sk-1234' },
  });
  await checkServers([target], { ...SETTINGS, apis: [api] });
  return asked.filter(({ headers }) => headers['content-type'] !== undefined);
}

it('Messages has the key in a header of its own, and names its version', async () => {
  const [first] = await askedOf('messages', () => 404);
  expect(first?.path).toBe('/v1/messages');
  expect(first?.headers).toMatchObject({ 'x-api-key': 'sk-1234', 'anthropic-version': '2023-06-01' });
  expect(first?.headers.authorization).toBeUndefined();
});

it('after a 401 it is sent as others have it, from then on', async () => {
  const asked = await askedOf('messages', ({ authorization }) => (authorization === undefined ? 401 : 400));
  expect(asked.map(({ headers }) => headers['x-api-key'] !== undefined)).toEqual([
    true,
    ...asked.slice(1).map(() => false),
  ]);
  expect(asked.length).toBeGreaterThan(2);
});

it('a 401 to both ends the run', async () => {
  const asked = await askedOf('messages', () => 401);
  expect(asked.map(({ headers }) => headers.authorization)).toEqual([undefined, 'Bearer sk-1234']);
});

it('Gemini has the key in its own header, and the model in the path', async () => {
  const [first] = await askedOf('gemini', () => 404);
  expect(first?.path).toBe('/v1beta/models/m:generateContent');
  expect(first?.headers['x-goog-api-key']).toBe('sk-1234');
  expect(first?.headers.authorization).toBeUndefined();
});

it.each([
  ['', '/api/chat'],
  ['/v1', '/api/chat'],
  ['/gateway/v1', '/gateway/api/chat'],
])('Ollama’s own chat hangs beside the version segment of %j', async (path, expected) => {
  const [first] = await askedOf('ollama-chat', () => 404, path);
  expect(first?.path).toBe(expected);
  expect(first?.headers.authorization).toBe('Bearer sk-1234');
});
