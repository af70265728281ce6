/** A folder that somebody else made is looked at before it is used. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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
const REPLY = { end: 'clean', endMs: 1, status: 200, headMs: 1, headers: {}, pieces: [] };
const line = (reply: object, more: object = {}) =>
  JSON.stringify({ method: 'GET', path: '/v1/models', body: null, reply: { ...REPLY, ...reply }, ...more });

function why(head: object | string, lines: string): string {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'recording.json'), typeof head === 'string' ? head : JSON.stringify(head));
  writeFileSync(join(folder, 'exchanges.jsonl'), lines);
  try {
    return `read: ${readRecording(folder).exchanges.length}`;
  } catch (error) {
    return String(error).replace(folder, 'DIR');
  }
}

const deep = `{"method":"POST","path":"/","body":${'['.repeat(100_000)}${']'.repeat(100_000)},"reply":${JSON.stringify(REPLY)}}`;

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
  ['a time that never comes', HEAD, line({ endMs: 1e18 }), 'jsonl:1: reply.endMs: '],
  ['bytes that are none', HEAD, line({ pieces: [[1, { base64: '***' }]] }), 'jsonl:1: reply.pieces.0.1'],
  ['an unknown end', HEAD, line({ end: 'odd' }), 'jsonl:1: reply.end: '],
  ['a body as deep as the sea', HEAD, deep, 'jsonl:1: a body that is nested too deep'],
])('%s', (_what, head, lines, said) => {
  expect(why(head, lines)).toContain(said);
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
