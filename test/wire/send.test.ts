import { describe, expect, it } from 'vitest';
import { openWire } from '../../src/wire/send.ts';
import {
  ask,
  chunked,
  LAST_CHUNK,
  post,
  rawServer,
  response,
  STREAM_HEAD,
  streamOf,
  testWire,
  whole,
} from './raw-server.ts';
import { GOOD, sse, text, tinyApi } from './tiny-api.ts';

const good = sse(...GOOD);
const plain = { api: tinyApi } as const;

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

describe('a tap', () => {
  it('sees head and bytes', async () => {
    const seen: string[] = [];
    await ask(
      (socket) =>
        socket.write(Buffer.concat([Buffer.from(STREAM_HEAD), chunked(good), Buffer.from(LAST_CHUNK)])),
      {
        tap: {
          onHead: (status, headers) => seen.push(`${status} ${String(headers['content-type'])}`),
          onBytes: (bytes) => seen.push(Buffer.from(bytes).toString()),
        },
      },
    );
    expect(seen).toEqual(['200 text/event-stream', good]);
  });

  it('that throws is our fault, not the server’s', async () => {
    const { reply } = await ask((socket) => whole(socket, STREAM_HEAD, good), {
      tap: {
        onHead: () => undefined,
        onBytes: () => {
          throw new Error('disk full');
        },
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
