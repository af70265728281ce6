/** HTTP that lies: heads without end, lengths that are none, answers nobody asked for. */
import { describe, expect, it } from 'vitest';
import { post, rawServer, response, testWire } from '../wire/raw-server.ts';
import { type Attack, PATIENCE_MS, survives } from './attack.ts';
import { HEAD, pouring, STREAM, saying } from './pouring.ts';

const OK = 'HTTP/1.1 200 OK\r\n';

/** It never ends, and the tester does: nobody is to blame. */
const endless = (name: string, habits: Attack['habits']): Attack => ({
  name,
  habits,
  code: 3,
  timeoutMs: PATIENCE_MS,
});

/** What came is no HTTP, or no answer: the server is to blame for that, and for nothing else. */
const broken = (name: string, habits: Attack['habits']): Attack => ({
  name,
  habits,
  code: 1,
  fails: ['request-answered'],
});

const heads: Attack[] = [
  endless('100 Continue without end', pouring('', 'HTTP/1.1 100 Continue\r\n\r\n'.repeat(100))),
  endless(
    '103 Early Hints without end',
    pouring('', `HTTP/1.1 103 Early Hints\r\nlink: ${'x'.repeat(8000)}\r\n\r\n`),
  ),
  broken(
    '101 Switching Protocols that nobody asked for',
    saying('HTTP/1.1 101 Switching Protocols\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n'),
  ),
  endless('a status line without end', pouring('HTTP/1.1 200 ', 'O'.repeat(1000))),
  broken('the name of a header without end', pouring(OK, 'x'.repeat(1000))),
  broken('a value of a header without end', pouring(`${OK}x-a: `, 'x'.repeat(1000))),
  broken('a header over lines without end', pouring(`${OK}x-a: b\r\n`, ' folded\r\n'.repeat(100))),
  broken('headers without end', pouring(OK, 'x-a: b\r\n'.repeat(100))),
  broken('NUL in a header', saying(`${OK}x-a: b\0c\r\n\r\n${STREAM}`)),
  broken('a status that is none', saying(`HTTP/1.1 99999 OK\r\n\r\n${STREAM}`)),
  broken('HTTP/0.9', saying(STREAM)),
  broken('HTTP/2', saying('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n')),
  broken('another protocol without end', pouring('', '220 mail.example ESMTP\r\n')),
  broken(
    '204 with a body',
    saying(`HTTP/1.1 204 No Content\r\ncontent-length: ${STREAM.length}\r\n\r\n${STREAM}`),
  ),
  broken(
    '304 with a body',
    saying(`HTTP/1.1 304 Not Modified\r\ncontent-length: ${STREAM.length}\r\n\r\n${STREAM}`),
  ),
];

const length = (value: string, body = STREAM) => saying(`${HEAD}content-length: ${value}\r\n\r\n${body}`);

const lengths: Attack[] = [
  broken('two lengths', length(`1\r\ncontent-length: ${STREAM.length}`)),
  broken('a length of less than nothing', length('-1')),
  broken('a length in other figures', length('0x100')),
  broken('a length beyond all numbers', length('99999999999999999999999')),
  broken('a length and chunks', length('5\r\ntransfer-encoding: chunked', `5\r\nhello\r\n0\r\n\r\n`)),
  broken('a length that stops short of the first event', length('3')),
  endless('more length than comes', length(String(Number.MAX_SAFE_INTEGER), ': wait\n\n')),
];

const chunks = (body: string) => saying(`${HEAD}transfer-encoding: chunked\r\n\r\n${body}`);
const CHUNKED = `${HEAD}transfer-encoding: chunked\r\n\r\n`;

const chunked: Attack[] = [
  endless('a chunk larger than all memory', chunks(`ffffffffffffff\r\n${': wait\n\n'}`)),
  broken('a chunk size beyond all numbers', chunks(`${'f'.repeat(40)}\r\n${STREAM}`)),
  endless('a chunk size without end', pouring(CHUNKED, '0'.repeat(1000))),
  endless('a chunk extension without end', pouring(`${CHUNKED}1;`, 'x'.repeat(1000))),
  broken('trailers without end', pouring(`${CHUNKED}0\r\n`, 'x-a: b\r\n'.repeat(1000))),
  endless('chunks of one byte without end', pouring(CHUNKED, '1\r\n:\r\n'.repeat(100))),
  broken('an end before the first event', chunks(`0\r\n\r\n${STREAM}`)),
];

const unasked: Attack[] = [
  broken('a redirect to itself', {
    instead: () => ({ status: 307, headers: { location: '/v1/chat/completions' } }),
  }),
];

describe('heads', () => survives(heads));
describe('lengths', () => survives(lengths));
describe('chunks', () => survives(chunked));
describe('answers that nobody asked for', () => survives(unasked));

it('a second answer behind the first belongs to nobody: the next request does not get it', async () => {
  const answer = (text: string) =>
    `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${text.length}\r\n\r\n${text}`;
  const server = await rawServer((socket, number) =>
    socket.write(answer(`{"own":${number}}`) + answer('{"own":false}')),
  );
  const wire = testWire();
  for (const own of [1, 2, 3]) {
    const { reply } = await wire.send(post(server.url), { api: null });
    expect(response(reply).body).toMatchObject({ value: { own } });
  }
});
