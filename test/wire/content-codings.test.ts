import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { ask, response, STREAM_HEAD, whole } from './raw-server.ts';
import { GOOD, sse } from './tiny-api.ts';

const good = sse(...GOOD);

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
