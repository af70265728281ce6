/** Content codings: bombs, bombs in bombs, and bodies that are not coded as they say. */
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib';
import { type Attack, PATIENCE_MS, survives } from './attack.ts';
import { HEAD, pouring, STREAM, saying } from './pouring.ts';

const coded = (coding: string, body: Buffer | string): Attack['habits'] =>
  saying(
    Buffer.concat([
      Buffer.from(`${HEAD}content-encoding: ${coding}\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`),
      Buffer.from(body),
    ]),
  );
const pouringCoded = (coding: string, again: Buffer | string) =>
  pouring(`${HEAD}content-encoding: ${coding}\r\n\r\n`, again);

const MOUNTAIN = Buffer.alloc(64_000_000, ': nothing\n\n');
const quick = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const bombs = {
  gzip: gzipSync(MOUNTAIN),
  deflate: deflateSync(MOUNTAIN),
  br: brotliCompressSync(MOUNTAIN, quick),
};
/** It is stopped at a bound, or at the time-out: nobody is to blame. */
const bomb = (name: string, habits: Attack['habits'], timeoutMs = 5000): Attack => ({
  name,
  habits,
  code: 3,
  timeoutMs,
});
const endless = (name: string, habits: Attack['habits']): Attack => bomb(name, habits, PATIENCE_MS);
/** What it decodes to is no stream. */
const lie = (name: string, habits: Attack['habits']): Attack => ({
  name,
  habits,
  code: 1,
  fails: ['request-answered'],
});

survives([
  ...Object.entries(bombs).map(([coding, body]) => bomb(`a ${coding} bomb`, coded(coding, body))),
  lie('a bomb in a bomb', coded('gzip', gzipSync(bombs.gzip))),
  lie('a bomb in a bomb, both declared', coded('gzip, gzip', gzipSync(bombs.gzip))),
  endless(
    'empty gzip members without end',
    pouringCoded('gzip', Buffer.concat(Array(200).fill(gzipSync('')))),
  ),
  endless(
    'gzip members of one comment without end',
    pouringCoded('gzip', Buffer.concat(Array(200).fill(gzipSync(':\n')))),
  ),
  endless(
    'empty deflate blocks without end',
    pouring(
      Buffer.from(`${HEAD}content-encoding: deflate\r\n\r\n\x78\x9c`, 'latin1'),
      Buffer.alloc(1000, Buffer.from([0, 0, 0, 0xff, 0xff])),
    ),
  ),
  lie('a plain stream that says gzip', coded('gzip', STREAM)),
  lie('a gzip stream that says br', coded('br', gzipSync(STREAM))),
  lie('a gzip stream that says nothing', coded('identity', gzipSync(STREAM))),
  lie('a coding that does not exist', coded('no-such', gzipSync(STREAM))),
  lie('a thousand codings', coded(Array(1000).fill('gzip').join(', '), gzipSync(STREAM))),
]);
