/** A folder that somebody else made is looked at before it is used. */
import { mkdirSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, expect, it } from 'vitest';
import { readRecording } from '../../src/recordings/recording.ts';
import { removeFolders, temporaryFolder } from './recorded.ts';

afterAll(removeFolders);

const HEAD = {
  format: 'lastchunk-recording',
  version: 1,
  recordedAt: '',
  label: 'toy',
  model: null,
  suite: 'smoke',
  seed: 1,
  verdicts: {},
};
const RUN = {
  ...{ name: 'toy', url: 'http://h', label: null, body: {}, apis: ['chat'], only: [], skip: [] },
  ...{ confirm: true, concurrency: 1 },
};
const withHeaders = (headers: object) => ({ ...HEAD, run: { ...RUN, headers } });
const REPLY = { end: 'clean', endMs: 1, status: 200, headMs: 1, headers: {}, pieces: [] };
const line = (reply: object, more: object = {}) =>
  JSON.stringify({ method: 'GET', path: '/v1/models', body: null, reply: { ...REPLY, ...reply }, ...more });

function why(head: object | string, lines: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'recording.json'), typeof head === 'string' ? head : JSON.stringify(head));
  writeFileSync(join(folder, 'exchanges.jsonl'), lines);
  return read(folder);
}

function read(folder: string): string {
  try {
    return `read: ${readRecording(folder).exchanges.length}`;
  } catch (error) {
    return String(error).replace(folder, 'DIR');
  }
}

const pieces = (count: number) => Array(count).fill([0, 'a']);

const deep = `{"method":"POST","path":"/","body":${'['.repeat(100_000)}${']'.repeat(100_000)},"reply":${JSON.stringify(REPLY)}}`;

it.each([
  ['whole', gzipSync(line({})), 'read: 1'],
  ['no gzip', Buffer.from(line({})), "exchanges.jsonl.gz can't be read (Z_DATA_ERROR)"],
  [
    'far larger than it looks',
    gzipSync(Buffer.alloc(70e6)),
    "exchanges.jsonl.gz can't be read (ERR_BUFFER_TOO_LARGE)",
  ],
])('exchanges that are packed: %s', (_what, packed, said) => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'recording.json'), JSON.stringify(HEAD));
  writeFileSync(join(folder, 'exchanges.jsonl.gz'), packed);
  expect(read(folder)).toContain(said);
});

it.each([
  ['one that is whole', HEAD, line({}), 'read: 1'],
  ['no JSON', '{', line({}), 'DIR is no recording: recording.json is not that of one'],
  ['another file', '{"name":"x"}', line({}), 'DIR is no recording: recording.json is not that of one'],
  [
    'a later version',
    { ...HEAD, version: 2 },
    line({}),
    'DIR is a recording of version 2; version 1 is what this lastchunk reads',
  ],
  ['a head of another shape', { ...HEAD, seed: 'x' }, line({}), 'recording.json: seed: '],
  ['no exchange', HEAD, '', 'exchanges.jsonl holds no exchange'],
  ['a damaged line', HEAD, `${line({})}\n{"method"`, 'exchanges.jsonl:2: not JSON'],
  [
    'a half-written last line of a partial one',
    { ...HEAD, complete: false },
    `${line({})}\n{"met`,
    'read: 1',
  ],
  [
    'a damaged line in a partial one',
    { ...HEAD, complete: false },
    `{"met\n${line({})}`,
    'jsonl:1: not JSON',
  ],
  ['a status that cannot be sent', HEAD, line({ status: 99 }), 'jsonl:1: reply.status: '],
  ['a header that is two', HEAD, line({ headers: { a: 'b\r\nset-cookie: c' } }), 'jsonl:1: reply.headers: '],
  ['headers of the run', withHeaders({ 'X-Key': 'REDACTED' }), line({}), 'read: 1'],
  ['no name of a header', withHeaders({ 'x" $(touch x) "': 'a' }), line({}), 'recording.json: run.headers'],
  ['no value of a header', withHeaders({ x: 'a\nb' }), line({}), 'recording.json: run.headers.x: '],
  ['a time that never comes', HEAD, line({ endMs: 1e18 }), 'jsonl:1: reply.endMs: '],
  ['bytes that are none', HEAD, line({ pieces: [[1, { base64: '***' }]] }), 'jsonl:1: reply.pieces.0.1'],
  ['an unknown end', HEAD, line({ end: 'odd' }), 'jsonl:1: reply.end: '],
  ['a body of very many pieces', HEAD, line({ pieces: pieces(20_001) }), 'jsonl:1: reply.pieces: over 20000'],
  [
    'very many pieces in all',
    HEAD,
    `${line({ pieces: pieces(20_000) })}\n`.repeat(14),
    'jsonl:13: over 250000 pieces in all',
  ],
  ['very many values', HEAD, line({}, { body: Array(250_001).fill(0) }), 'jsonl:1: over 250000 values'],
  ['a text of very many commas', HEAD, line({}, { body: ','.repeat(300_000) }), 'read: 1'],
  ['very many exchanges', HEAD, `${line({})}\n`.repeat(10_001), 'jsonl:10001: over 10000 lines'],
  ['very many blank lines', HEAD, `${line({})}${'\n'.repeat(20_000)}`, 'jsonl:10001: over 10000 lines'],
  ['a blank line within', HEAD, `${line({})}\n\n${line({})}`, 'jsonl:2: not JSON'],
  ['blank lines at the end', HEAD, `${line({})}\n\n\n`, 'read: 1'],
  ['a line without an end', HEAD, 'a'.repeat(17 * 1024 * 1024), 'jsonl:1: too long a line'],
  [
    'a head of very many values',
    JSON.stringify({ ...HEAD, run: Array(250_001).fill(0) }),
    line({}),
    'recording.json holds over 250000 values',
  ],
  ['too large a head', 'a'.repeat(5 * 1024 * 1024), line({}), 'recording.json is over 4 MiB'],
  ['a body as deep as the sea', HEAD, deep, 'jsonl:1: a body that is nested too deep'],
])('%s', (_what, head, lines, said) => {
  expect(why(head, lines)).toContain(said);
});

it('too large a file is not read', () => {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'recording.json'), JSON.stringify(HEAD));
  writeFileSync(join(folder, 'exchanges.jsonl'), '');
  truncateSync(join(folder, 'exchanges.jsonl'), 65 * 1024 * 1024);
  expect(() => readRecording(folder)).toThrow('exchanges.jsonl is over 64 MiB');
});

it('what is no file is not read', () => {
  const folder = temporaryFolder();
  symlinkSync('/dev/zero', join(folder, 'recording.json'));
  expect(() => readRecording(folder)).toThrow('recording.json is no file');
  mkdirSync(join(folder, 'sub', 'recording.json'), { recursive: true });
  expect(() => readRecording(join(folder, 'sub'))).toThrow('recording.json is no file');
  expect(() => readRecording(join(folder, 'none'))).toThrow('it has no recording.json');
  const file = join(folder, 'file');
  writeFileSync(file, '');
  expect(() => readRecording(file)).toThrow(`${file} is no recording: it is no folder`);
});
