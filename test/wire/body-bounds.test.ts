/** A body over a bound is stopped by us: nothing about the server is judged by it. */
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { BodiesInFlight } from '../../src/wire/bodies-in-flight.ts';
import { ask, chunked, post, rawServer, response, STREAM_HEAD, testWire, whole } from './raw-server.ts';
import { read, readPieces } from './read.ts';
import { GOOD, sse } from './tiny-api.ts';

const JSON_HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';
const MiB = 1024 * 1024;
const deep = `{"a":${'['.repeat(300_000)}${']'.repeat(300_000)}}`;
const keys = JSON.stringify(Object.fromEntries(Array.from({ length: 60_000 }, (_, at) => [`key${at}`, at])));
const stoppedFor = (what: string) => ({
  kind: 'stopped',
  why: 'too-large',
  message: `stopped by lastchunk: ${what}`,
});

describe('a whole body', () => {
  it.each([
    ['nested deep', deep, 'a body with JSON nested over 200 levels deep'],
    ['many keys', keys, 'a body with over 50000 JSON values'],
    [
      'of 5 MiB at two bytes a character',
      `{"a":"я${'a'.repeat(5 * MiB)}"}`,
      'a body over 8 MiB at two bytes a character',
    ],
  ])('%s is stopped', (_name, text, what) => {
    const body = read(text, { contentType: 'application/json' });
    expect(body).toMatchObject({ kind: 'text', ending: stoppedFor(what) });
  });

  it.each([
    ['5 MiB of ASCII', `{"a":"${'a'.repeat(5 * MiB)}"}`],
    ['7 MiB in which each character takes three', `{"a":"${'字'.repeat(2.4 * MiB)}"}`],
  ])('%s is read', (_name, text) => {
    expect(read(text, { contentType: 'application/json' })).toMatchObject({
      kind: 'json',
      ending: { kind: 'clean' },
    });
  });

  it('is stopped before it has all come', () => {
    const bytes = Buffer.from(keys);
    const ending = readPieces([bytes.subarray(0, bytes.length - 1000)], { contentType: '' }).ending;
    expect(ending).toEqual(stoppedFor('a body with over 50000 JSON values'));
  });

  it('that is looked at keeps little of a text', () => {
    const body = read(`<p>${'a'.repeat(MiB)}`, { api: null });
    expect(body.kind === 'text' ? body.text.length : null).toBe(16 * 1024);
  });
});

describe('an event', () => {
  it.each([
    ['nested deep', `data: ${deep}`, 'an event with JSON nested over 200 levels deep'],
    ['with many keys', `data: ${keys}`, 'an event with over 50000 JSON values'],
    ['of many lines', 'data:1\n'.repeat(60_000), 'an event of over 50000 lines'],
    ['in a line of its own', `error: ${deep}`, 'JSON nested over 200 levels deep'],
  ])('%s stops the stream, complete or not', (_name, event, what) => {
    for (const end of ['\n\ndata: [DONE]\n\n', '']) {
      const body = read(sse(...GOOD.slice(0, 1)) + event + end);
      expect(body).toMatchObject({
        kind: 'stream',
        ending: { ...stoppedFor(what), message: expect.stringMatching(/^stopped by lastchunk: .*over/) },
        stream: { events: 1, remarks: [{ kind: 'too-long' }] },
      });
    }
  });

  it.each(['\n', '\r', '\r\n'])('whose lines (%j) never end it stops the stream', (lineEnd) => {
    const line = Buffer.from(`data:${lineEnd}`.repeat(5000));
    const body = readPieces(Array.from({ length: 40 }, () => line));
    expect(body.ending).toEqual(stoppedFor('over 50000 lines without an event'));
  });

  it('many lines, an event now and then: read', () => {
    const lines = `${': keep-alive\n\n'.repeat(20_000)}data: {}\n\n`;
    expect(read(lines.repeat(4)).ending).toEqual({ kind: 'clean' });
  });
});

it('bytes before decompression are bounded as those after it', async () => {
  const nothing = Buffer.concat(Array.from({ length: 10_000 }, () => gzipSync('')));
  const { reply } = await ask((socket) => {
    socket.write(`${STREAM_HEAD}content-encoding: gzip\r\n\r\n`);
    const more = (): void => {
      if (!socket.destroyed) socket.write(nothing, more);
    };
    more();
  });
  expect(response(reply).body.ending).toEqual(stoppedFor('a body over 8 MiB before decompression'));
});

describe('bodies in flight', () => {
  it('over the limit the largest is stopped, and no longer counts', () => {
    const all = new BodiesInFlight(100);
    const stopped: string[] = [];
    const body = (name: string) => ({ stop: () => stopped.push(name) });
    const [a, b, c] = [body('a'), body('b'), body('c')];
    all.holds(a, 60);
    all.holds(b, 40);
    expect(stopped).toEqual([]);
    all.holds(c, 10);
    expect(stopped).toEqual(['a']);
    all.holds(b, 0);
    all.holds(c, 100);
    expect(stopped).toEqual(['a']);
    all.holds(c, 101);
    expect(stopped).toEqual(['a', 'c']);
  });

  it('of several servers: the large ones are stopped, the small one beside them is read', async () => {
    const text = 'a'.repeat(7 * MiB);
    const waiting = await rawServer((socket) =>
      socket.write(`${JSON_HEAD}content-length: 8000000\r\n\r\n{"a":"${text}`),
    );
    const small = await rawServer((socket, number) => {
      if (number === 1)
        socket.write(
          Buffer.concat([
            Buffer.from(JSON_HEAD),
            chunked(`{"a":"${'b'.repeat(200_000)}"}`),
            Buffer.from('0\r\n\r\n'),
          ]),
        );
    });
    const wire = testWire();
    const controller = new AbortController();
    const large = Array.from({ length: 5 }, () =>
      wire.send(post(waiting.url), { api: null, signal: controller.signal }),
    );
    const first = await Promise.race(large);
    expect(response(first.reply).body.ending).toEqual(stoppedFor('the largest of bodies over 16 MiB in all'));
    const { reply } = await wire.send(post(small.url), { api: null });
    expect(response(reply).body).toMatchObject({ kind: 'json', ending: { kind: 'clean' } });
    controller.abort();
    await Promise.all(large);
    // Those that were interrupted no longer count.
    const after = await ask((socket) => whole(socket, JSON_HEAD, `{"a":"${text}"}`), { api: null });
    expect(response(after.reply).body.kind).toBe('json');
  });
});
