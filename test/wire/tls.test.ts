import { createServer as createTlsServer } from 'node:https';
import { describe, expect, it, onTestFinished } from 'vitest';
import { listening, rawServer, response, testWire } from './raw-server.ts';

describe('TLS', () => {
  it('an unknown certificate is named, with the way out', async () => {
    const { key, cert } = await import('./certificate.ts');
    const server = createTlsServer({ key, cert }, (_request, answer) => {
      answer.setHeader('content-type', 'application/json');
      answer.end('{"choices":[{"text":"hi"}]}');
    });
    const port = await listening(server);
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const request = { method: 'GET', url: `https://localhost:${port}/v1/models`, body: null } as const;
    const refused = await testWire().send(request, { api: null });
    expect(refused.reply).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('--cacert'),
    });
    const trusted = await testWire({ caPem: cert }).send(request, { api: null });
    expect(response(trusted.reply).body).toMatchObject({
      kind: 'json',
      value: { choices: [{ text: 'hi' }] },
    });
    const wrong = await rawServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const spoken = await testWire().send(
      { ...request, url: `https://127.0.0.1:${wrong.port}/` },
      { api: null, limits: { connectMs: 500 } },
    );
    expect(spoken.reply.kind).toBe('unreachable');
  });

  it('a handshake that nobody answers → unreachable', async () => {
    const server = await rawServer(() => undefined);
    const url = `https://127.0.0.1:${server.port}/`;
    const { reply } = await testWire().send(
      { method: 'GET', url, body: null },
      { api: null, limits: { connectMs: 60 } },
    );
    expect(reply).toMatchObject({
      kind: 'unreachable',
      message: expect.stringContaining('no connection within'),
    });
  });
});
