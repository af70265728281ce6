import { describe, expect, it } from 'vitest';
import { ask, chunked, response, STREAM_HEAD, streamOf } from './raw-server.ts';
import { GOOD, sse, text } from './tiny-api.ts';

const good = sse(...GOOD);

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
