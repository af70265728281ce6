import { createServer } from 'node:net';
import { describe, expect, it } from 'vitest';
import { ask, listening, post, testWire } from './raw-server.ts';
import { tinyApi } from './tiny-api.ts';

const plain = { api: tinyApi } as const;

describe('no response', () => {
  it('refused → unreachable', async () => {
    const gone = createServer();
    const port = await listening(gone);
    await new Promise((resolve) => gone.close(resolve));
    const wire = testWire();
    const { reply } = await wire.send(post(`http://127.0.0.1:${port}/v1/x`), plain);
    expect(reply).toEqual({ kind: 'unreachable', message: `connection refused at 127.0.0.1:${port}` });
  });

  it('no such host → unreachable', async () => {
    const { reply } = await testWire().send(post('http://no-such-host.invalid/v1/x'), plain);
    expect(reply.kind).toBe('unreachable');
    expect('message' in reply && reply.message).toMatch(/host/);
  });

  it('hangs before the head → silent', async () => {
    const { reply } = await ask(() => undefined, { limits: { firstByteMs: 60 } });
    expect(reply).toMatchObject({
      kind: 'silent',
      message: expect.stringContaining('no response within 60 ms'),
    });
  });

  it('head in drops → silent after the total time', async () => {
    const { reply } = await ask(
      (socket) => {
        socket.write('HTTP/1.1 200 OK\r\n');
        const drip = setInterval(() => socket.write('x-a: b\r\n'), 5);
        socket.on('close', () => clearInterval(drip));
      },
      { limits: { totalMs: 100 } },
    );
    expect(reply.kind).toBe('silent');
  });

  it('closed before the head → dropped', async () => {
    const { reply } = await ask((socket) => socket.end());
    expect(reply).toMatchObject({ kind: 'dropped', message: expect.stringContaining('before any response') });
  });

  it('reset before the head → dropped', async () => {
    const { reply } = await ask((socket) => socket.resetAndDestroy());
    expect(reply).toMatchObject({ kind: 'dropped', message: expect.stringContaining('connection reset') });
  });

  it('a 100 Continue that was not asked for → unsent: HTTP allows it, and it is us who cannot read on', async () => {
    const { reply } = await ask((socket) => socket.write('HTTP/1.1 100 Continue\r\n\r\n'));
    expect(reply).toMatchObject({ kind: 'unsent', message: expect.stringContaining('100 Continue') });
  });

  it('garbage → dropped', async () => {
    const { reply } = await ask((socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n\r\n'));
    expect(reply).toMatchObject({ kind: 'dropped', message: expect.stringContaining('malformed HTTP') });
  });

  it('a flood of headers → dropped', async () => {
    const { reply } = await ask((socket) => {
      socket.write('HTTP/1.1 200 OK\r\n');
      for (let i = 0; i < 2000; i += 1) socket.write(`x-${i}: ${'y'.repeat(100)}\r\n`);
    });
    expect(reply).toMatchObject({ kind: 'dropped', message: expect.stringContaining('head too large') });
  });

  it('interrupted → unsent', async () => {
    const controller = new AbortController();
    const { reply } = await ask(() => controller.abort(), { signal: controller.signal });
    expect(reply).toEqual({ kind: 'unsent', message: 'interrupted' });
    const again = await testWire().send(post('http://127.0.0.1:1/'), { ...plain, signal: controller.signal });
    expect(again.reply).toEqual({ kind: 'unsent', message: 'interrupted' });
  });

  it('a header that cannot be sent, a URL that is none → unsent', async () => {
    const { reply } = await ask(() => undefined, { headers: { 'x-a': 'b\r\nc' } });
    expect(reply.kind).toBe('unsent');
    expect((await testWire().send(post('nonsense'), plain)).reply.kind).toBe('unsent');
  });
});
