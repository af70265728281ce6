/** Files that are none, or hold what no reader expects, wherever a file can be named. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MOST_MB } from '../cli/peak-memory.ts';
import { commands } from './command.ts';
import { expectHarmlessText } from './outputs.ts';
import { WHOLE } from './whole.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lastchunk-zoo-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const DEEP = 100_000;
const write = (text: string | Buffer) => (path: string) => writeFileSync(path, text);
const link = (to: string) => (path: string) => symlinkSync(to, path);

/** What stands where a file is expected. */
const evils: Readonly<Record<string, (path: string) => void>> = {
  'a folder': (path) => mkdirSync(path),
  'a link to nothing': link('nowhere'),
  'a link to itself': (path) => symlinkSync(path, path),
  'a device that never ends': link('/dev/zero'),
  'a file of 8 GB': (path) => {
    writeFileSync(path, '');
    truncateSync(path, 8 * 1024 ** 3);
  },
  nothing: write(''),
  'bytes that are no text': write(Buffer.from([0xff, 0xfe, 0, 0x1b, 0x5b, 0x32, 0x4a, 0xc0, 0x80])),
  'a deep list': write('['.repeat(DEEP) + ']'.repeat(DEEP)),
  'a deep object': write(`${'{"a":'.repeat(DEEP)}1${'}'.repeat(DEEP)}`),
  'names that every object has': write(
    '{"__proto__":{"servers":[]},"constructor":{"prototype":1},"toString":2}',
  ),
  'escapes of a terminal': write('\u001b[2J\u001b]0;owned\u0007: [\n::error::owned\n'),
  'half a JSON': write('{"schemaVersion":1,"servers":[{"name":"\ud800'),
  'one long line': write('x'.repeat(4_000_000)),
};
const unix = process.platform !== 'win32';

const URL = 'http://127.0.0.1:9';

/** Where a file is named. */
const readers: Readonly<Record<string, (path: string) => readonly string[]>> = {
  'config file': (path) => ['check', '-c', path, '--dry-run'],
  certificates: (path) => ['check', URL, '--no-config', '--model', 'm', '--cacert', path, '--dry-run'],
  'report to merge': (path) => ['merge', path],
  tokenizer: (path) => ['count', '--tokenizer', path, '--text', 'a'],
  messages: (path) => ['count', '--tokenizer', TINY, '--messages', path],
  recording: (path) => ['check', '--no-config', '--from', path],
  // Files that are read as those above are.
  ...(WHOLE
    ? {
        baseline: (path: string) => [
          'check',
          URL,
          '--no-config',
          '--model',
          'm',
          '--baseline',
          path,
          '--dry-run',
        ],
        'reports to compare': (path: string) => ['diff', path, path],
        replay: (path: string) => ['replay', path],
      }
    : {}),
};
const TINY = join(import.meta.dirname, '../../fixtures/models/stories260K-f32.gguf');

describe.runIf(unix).each(Object.entries(readers))('as %s', (reader, line) => {
  it('all is refused in one line, in little memory', async () => {
    const paths = Object.entries(evils).map(([name, make], at) => {
      const path = join(folder, `${reader.replaceAll(' ', '-')}-${at}`);
      make(path);
      return { name, path };
    });
    const { results, megabytes } = await commands(paths.map(({ path }) => line(path)));
    for (const [at, { name }] of paths.entries()) {
      const result = results[at];
      expect(result, `${name}: never ended`).toBeDefined();
      if (result === undefined) continue;
      const told = result.stdout + result.stderr;
      expectHarmlessText(told, [], name);
      expect([2, 3], `${name}: ${told}`).toContain(result.code);
      expect(result.stderr.trim().split('\n'), name).toHaveLength(1);
      expect(result.stderr.length, name).toBeLessThan(2000);
    }
    expect(megabytes).toBeLessThan(MOST_MB);
  });
});
