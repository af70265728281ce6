import { createServer as createTlsServer } from 'node:https';
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { openWire } from '../../src/wire/send.ts';
import {
  ask,
  chunked,
  LAST_CHUNK,
  listening,
  onCleanup,
  post,
  rawServer,
  response,
  STREAM_HEAD,
  streamOf,
  testWire,
} from './raw-server.ts';
import { GOOD, sse, text, tinyApi } from './tiny-api.ts';

const good = sse(...GOOD);
const plain = { api: tinyApi } as const;

function whole(socket: import('node:net').Socket, head: string, body: string | Buffer): void {
  socket.write(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n`);
  socket.write(body);
}

describe('a good stream', () => {
  it('comes back as facts, whatever the transfer coding', async () => {
    const exchange = await ask((socket) =>
      socket.write(Buffer.concat([Buffer.from(STREAM_HEAD), chunked(good), Buffer.from(LAST_CHUNK)])),
    );
    const { body, status, headMs, totalMs } = response(exchange.reply);
    expect(status).toBe(200);
    expect(totalMs).toBeGreaterThanOrEqual(headMs);
    expect(body).toMatchObject({ kind: 'stream', ending: { kind: 'clean' } });
    const stream = streamOf(exchange.reply);
    expect(stream).toMatchObject({
      events: 5,
      usageCount: 1,
      remarks: [],
      notJson: [],
      usageAbsent: 3,
      error: null,
    });
    expect(stream.choices).toMatchObject([{ index: 0, text: 'Hello', finishes: ['stop'], deltas: 2 }]);
    expect(stream.usages[0]).toMatchObject({
      choices: 'empty',
      atOrAfterFirstFinish: true,
      frame: { index: 3 },
    });
    expect(stream.end?.data).toBe('[DONE]');
    expect(stream.lastChunk?.index).toBe(3);
    expect(stream.lastFinish?.index).toBe(2);
  });

  it('may end with its connection', async () => {
    const exchange = await ask((socket) =>
      socket.end(`HTTP/1.0 200 OK\r\ncontent-type: text/event-stream\r\n\r\n${good}`),
    );
    expect(response(exchange.reply).body.ending).toEqual({ kind: 'clean' });
  });

  it('is read over the same connection again, or over a fresh one', async () => {
    const server = await rawServer((socket) => whole(socket, STREAM_HEAD, good));
    const wire = testWire();
    for (let i = 0; i < 3; i += 1)
      expect(streamOf((await wire.send(post(server.url), plain)).reply).events).toBe(5);
    expect(server.connections()).toBe(1);
    await wire.send(post(server.url), { ...plain, fresh: true });
    expect(server.connections()).toBe(2);
    await Promise.all([1, 2, 3].map(() => wire.send(post(server.url), plain)));
    expect(server.connections()).toBeGreaterThan(3);
  });
});

describe('no response', () => {
  it('refused → unreachable', async () => {
    const server = await rawServer(() => undefined);
    const wire = testWire();
    const port = await new Promise<number>((resolve) => {
      const gone = createTlsServer();
      gone.listen(0, '127.0.0.1', () => {
        const address = gone.address();
        gone.close(() => resolve(typeof address === 'object' && address !== null ? address.port : 0));
      });
    });
    expect(server.port).not.toBe(port);
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

describe('a kept-alive connection that was closed meanwhile', () => {
  it('is no fault: the request goes out once more', async () => {
    const server = await rawServer((socket, number) => {
      if (number === 2) socket.resetAndDestroy();
      else whole(socket, STREAM_HEAD, good);
    });
    const wire = testWire();
    await wire.send(post(server.url), plain);
    expect(streamOf((await wire.send(post(server.url), plain)).reply).events).toBe(5);
    expect(server.requests).toHaveLength(3);
  });

  it('but a server that closes twice dropped the request', async () => {
    const server = await rawServer((socket, number) => {
      if (number >= 2) socket.end();
      else whole(socket, STREAM_HEAD, good);
    });
    const wire = testWire();
    await wire.send(post(server.url), plain);
    expect((await wire.send(post(server.url), plain)).reply.kind).toBe('dropped');
    expect(server.requests).toHaveLength(3);
  });

  it('a first connection that is dropped is not asked again', async () => {
    const server = await rawServer((socket) => socket.end());
    await testWire().send(post(server.url), plain);
    expect(server.requests).toHaveLength(1);
  });
});

describe('a body that does not end well', () => {
  const half = sse(text('Hel'), text('lo'));

  it('chunked, unterminated → cut', async () => {
    const { reply } = await ask((socket) =>
      socket.end(Buffer.concat([Buffer.from(STREAM_HEAD), chunked(half)])),
    );
    expect(response(reply).body).toMatchObject({
      kind: 'stream',
      ending: { kind: 'cut' },
      stream: { events: 2, end: null },
    });
  });

  it('chunked with connection: close, unterminated → cut', async () => {
    const { reply } = await ask((socket) =>
      socket.end(Buffer.concat([Buffer.from(`${STREAM_HEAD}connection: close\r\n`), chunked(half)])),
    );
    expect(response(reply).body.ending.kind).toBe('cut');
  });

  it('shorter than its content-length → cut', async () => {
    const { reply } = await ask((socket) => socket.end(`${STREAM_HEAD}content-length: 9999\r\n\r\n${half}`));
    expect(response(reply).body.ending.kind).toBe('cut');
  });

  it.each(['connection: close\r\n', ''])('reset in the middle (%j) → cut', async (header) => {
    const { reply } = await ask((socket) => {
      socket.write(`${STREAM_HEAD}${header}\r\n${half}`, () =>
        setTimeout(() => socket.resetAndDestroy(), 20),
      );
    });
    expect(response(reply).body.ending).toEqual({
      kind: 'cut',
      message: expect.stringContaining('connection reset'),
    });
  });

  it('cut after the end marker: a remark only', async () => {
    const { reply } = await ask((socket) =>
      socket.end(Buffer.concat([Buffer.from(STREAM_HEAD), chunked(good)])),
    );
    expect(streamOf(reply)).toMatchObject({ events: 5, remarks: [{ kind: 'cut-after-end' }] });
  });

  it('garbage instead of a chunk size → cut', async () => {
    const { reply } = await ask((socket) =>
      socket.write(Buffer.concat([Buffer.from(STREAM_HEAD), chunked(half), Buffer.from('zzz\r\n')])),
    );
    expect(response(reply).body.ending).toMatchObject({
      kind: 'cut',
      message: expect.stringContaining('malformed HTTP'),
    });
  });

  it('hangs in the middle → stopped, idle', async () => {
    const { reply } = await ask(
      (socket) => socket.write(Buffer.concat([Buffer.from(STREAM_HEAD), chunked(half)])),
      { limits: { idleMs: 60 } },
    );
    expect(response(reply).body.ending).toMatchObject({ kind: 'stopped', why: 'idle' });
  });

  it('a head and nothing more → stopped, idle', async () => {
    const { reply } = await ask((socket) => socket.write(`${STREAM_HEAD}\r\n`), {
      limits: { firstByteMs: 60 },
    });
    expect(response(reply).body).toMatchObject({ kind: 'empty', ending: { kind: 'stopped', why: 'idle' } });
  });

  it('trickles forever → stopped at the total time', async () => {
    const { reply } = await ask(
      (socket) => {
        socket.write(`${STREAM_HEAD}\r\n`);
        const drip = setInterval(() => socket.write(': keep-alive\n\n'), 5);
        socket.on('close', () => clearInterval(drip));
      },
      { limits: { totalMs: 120, idleMs: 60 } },
    );
    expect(response(reply).body).toMatchObject({
      kind: 'stream',
      ending: { kind: 'stopped', why: 'timeout' },
    });
  });

  it('interrupted in the middle → unsent', async () => {
    const controller = new AbortController();
    const { reply } = await ask(
      (socket) => socket.write(`${STREAM_HEAD}\r\n${half}`, () => setTimeout(() => controller.abort(), 20)),
      {
        signal: controller.signal,
      },
    );
    expect(reply.kind).toBe('unsent');
  });

  it('a line of 10 MB, a body without end → stopped, too large', async () => {
    const line = await ask((socket) => socket.write(`${STREAM_HEAD}\r\ndata: ${'x'.repeat(10_000_000)}`));
    expect(response(line.reply).body).toMatchObject({
      kind: 'stream',
      ending: { kind: 'stopped', why: 'too-large' },
      stream: { remarks: [{ kind: 'too-long' }] },
    });
    const endless = await ask((socket) => {
      socket.write(`${STREAM_HEAD}\r\n`);
      const more = (): void => {
        if (!socket.destroyed) socket.write(good.repeat(100), more);
      };
      more();
    });
    expect(response(endless.reply).body.ending).toMatchObject({ kind: 'stopped', why: 'too-large' });
  });

  it('leaves after the first delta on purpose', async () => {
    let closed: () => void = () => undefined;
    const gone = new Promise<void>((resolve) => {
      closed = resolve;
    });
    const { reply } = await ask(
      (socket) => {
        socket.on('close', () => closed());
        socket.write(`${STREAM_HEAD}\r\n${sse('{"choices":[]}', text('H'))}`);
      },
      { leaveAfterFirstDelta: true },
    );
    expect(response(reply).body).toMatchObject({
      kind: 'stream',
      ending: { kind: 'left' },
      stream: { events: 2 },
    });
    await gone;
  });
});

describe('content codings', () => {
  it.each([
    ['gzip', gzipSync(good)],
    ['deflate', deflateSync(good)],
    ['deflate', deflateRawSync(good)],
    ['br', brotliCompressSync(good)],
  ])('%s is undone', async (coding, bytes) => {
    const { reply } = await ask((socket) =>
      whole(socket, `${STREAM_HEAD}content-encoding: ${coding}\r\n`, bytes),
    );
    expect(response(reply).body).toMatchObject({
      kind: 'stream',
      ending: { kind: 'clean' },
      stream: { events: 5 },
    });
  });

  it('a bomb is stopped', async () => {
    const bomb = gzipSync(Buffer.alloc(200_000_000, 'data: {}\n\n'));
    const { reply } = await ask((socket) => whole(socket, `${STREAM_HEAD}content-encoding: gzip\r\n`, bomb));
    expect(response(reply).body.ending).toMatchObject({ kind: 'stopped', why: 'too-large' });
  });

  it('a damaged or unfinished one is cut', async () => {
    const damaged = gzipSync(good);
    damaged.fill(0xff, 20, 40);
    const head = `${STREAM_HEAD}content-encoding: gzip\r\n`;
    const first = await ask((socket) => whole(socket, head, damaged));
    expect(response(first.reply).body.ending).toMatchObject({
      kind: 'cut',
      message: expect.stringContaining('gzip'),
    });
    const second = await ask((socket) => whole(socket, head, gzipSync(good).subarray(0, -12)));
    expect(response(second.reply).body.ending.kind).toBe('cut');
    const third = await ask((socket) => whole(socket, head, 'not gzip at all'));
    expect(response(third.reply).body.ending.kind).toBe('cut');
  });
});

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

describe('TLS', () => {
  it('an unknown certificate is named, with the way out', async () => {
    const { key, cert } = await import('./certificate.ts');
    const server = createTlsServer({ key, cert }, (_request, answer) => {
      answer.setHeader('content-type', 'application/json');
      answer.end('{"choices":[{"text":"hi"}]}');
    });
    const port = await listening(server);
    onCleanup(() => {
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
});

describe('a tap', () => {
  it('sees head, bytes and end', async () => {
    const seen: string[] = [];
    await ask(
      (socket) =>
        socket.write(Buffer.concat([Buffer.from(STREAM_HEAD), chunked(good), Buffer.from(LAST_CHUNK)])),
      {
        tap: {
          onHead: (status, headers) => seen.push(`${status} ${String(headers['content-type'])}`),
          onBytes: (bytes) => seen.push(Buffer.from(bytes).toString()),
          onEnd: (kind, ms) => seen.push(`${kind} ${ms >= 0}`),
        },
      },
    );
    expect(seen).toEqual(['200 text/event-stream', good, 'clean true']);
  });

  it('that throws is our fault, not the server’s', async () => {
    const { reply } = await ask((socket) => whole(socket, STREAM_HEAD, good), {
      tap: {
        onHead: () => undefined,
        onBytes: () => {
          throw new Error('disk full');
        },
        onEnd: () => undefined,
      },
    });
    expect(reply).toEqual({
      kind: 'unsent',
      message: 'internal fault while reading the response: disk full',
    });
  });
});

it('close ends what is under way', async () => {
  const server = await rawServer((socket) =>
    socket.write(`${STREAM_HEAD}\r\n${sse(text('a'))}`, () => void wire.close()),
  );
  const wire = openWire();
  const { reply } = await wire.send(post(server.url), plain);
  expect(['response', 'dropped']).toContain(reply.kind);
});
