import { describe, expect, it } from 'vitest';
import { post, rawServer, response, streamOf, testWire, whole } from './raw-server.ts';
import { sse, text, tinyApi } from './tiny-api.ts';

const plain = { api: tinyApi } as const;

describe('what is not followed or shown', () => {
  it('a redirect is a response; the credentials go nowhere', async () => {
    const elsewhere = await rawServer(() => undefined);
    const server = await rawServer((socket) =>
      whole(socket, `HTTP/1.1 307 Moved\r\nlocation: ${elsewhere.url}?key=abcdef\r\n`, ''),
    );
    const wire = testWire({ baseHeaders: { authorization: 'Bearer sk-abcdef' } });
    const exchange = await wire.send(post(server.url), plain);
    expect(response(exchange.reply)).toMatchObject({ status: 307, body: { kind: 'empty' } });
    expect(elsewhere.connections()).toBe(0);
  });

  it('an echoed key is taken out everywhere', async () => {
    const key = 'sk-very"secret/1';
    const echo = JSON.stringify(key).slice(1, -1);
    const body = sse(
      text(key),
      JSON.stringify({ error: `bad key ${key}` }),
      `not json ${key}`,
      '[DONE]',
      text(key),
    );
    const server = await rawServer((socket) =>
      whole(
        socket,
        `HTTP/1.1 200 OK\r\nserver: ${key}\r\nx-echo: ${key}\r\ncontent-type: text/${key}\r\n`,
        `event: ${key}\nretry: 1\n${key}\n${body}`,
      ),
    );
    const wire = testWire({ baseHeaders: { Authorization: `Bearer ${key}`, 'X-My-Token': 'abc-token' } });
    const sent = await wire.send(
      { ...post(`${server.url}?api-key=query-secret&v=1`) },
      { ...plain, headers: { 'api-key': 'per-request' } },
    );
    expect(server.requests[0]).toContain(key);
    const shown = JSON.stringify(sent);
    expect(streamOf(sent.reply).events).toBe(4);
    for (const secret of [key, echo, 'abc-token', 'query-secret', 'per-request'])
      expect(shown).not.toContain(secret);
    expect(sent.curl).toContain('"authorization: Bearer $KEY"');
  });
});
