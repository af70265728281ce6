/** `lastchunk count` as it is typed: what it prints, and how it ends. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it } from 'vitest';

const BIN = fileURLToPath(new URL('../../bin/lastchunk.js', import.meta.url));
const MODEL = fileURLToPath(new URL('../../fixtures/models/stories260K-f32.gguf', import.meta.url));
let folder = '';

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lastchunk-count-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function count(flags: readonly string[], input = '') {
  const { status, stdout, stderr } = spawnSync(process.execPath, [BIN, 'count', ...flags], {
    encoding: 'utf8',
    input,
  });
  return { status, stdout, stderr };
}

it('counts a text, and shows its ids', () => {
  expect(count(['--tokenizer', MODEL, '--text', 'Hello'])).toEqual({ status: 0, stdout: '3\n', stderr: '' });
  expect(count(['--tokenizer', MODEL, '--text', 'Hello', '--bos', '--ids']).stdout).toBe('1 346 306 414\n');
});

it('takes standard input byte for byte, the last line break too', () => {
  const bare = Number(count(['--tokenizer', MODEL], 'Hello').stdout);
  expect(Number(count(['--tokenizer', MODEL], 'Hello\n').stdout)).toBe(bare + 1);
});

it('applies the chat template to messages', () => {
  const file = join(folder, 'messages.json');
  writeFileSync(file, JSON.stringify([{ role: 'user', content: 'Hello' }]));
  expect(count(['--tokenizer', MODEL, '--messages', file]).stdout).toBe('17\n');
});

it.each([
  ['no such tokenizer', ['--tokenizer', '/nowhere', '--text', 'x']],
  ['no tokenizer at all', ['--text', 'x']],
  ['two texts', ['--tokenizer', MODEL, '--text', 'x', '--file', 'y']],
  ['messages that are not there', ['--tokenizer', MODEL, '--messages', '/nowhere']],
])('%s: exit 2, and one line', (_what, flags) => {
  const { status, stdout, stderr } = count(flags);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^lastchunk: .+\n$/);
});
