/** What docs/library.md shows works by the exports alone. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import * as library from '../src/index.ts';

const { checkServers, loadReporter, readRecording, startReplay, wordsOf } = library;

const recording = readRecording(
  fileURLToPath(new URL('../fixtures/recordings/llama.cpp-b11549', import.meta.url)),
);

const quick = { apis: ['chat'], suite: 'smoke', confirm: false } satisfies Partial<library.RunOptions>;

test('a program replays a recording with a lie in it, checks it, and prints the table', async () => {
  const server = await startReplay(recording, { timing: 'none', faults: ['drop-usage'] });
  try {
    const report = await checkServers([{ url: server.url }], quick);
    expect(report.exitCode).toBe(1);
    expect(report.servers[0]?.name).toBe(server.url.replace('http://', ''));
    expect(report).toMatchObject({ strict: false, partial: false, suite: 'smoke' });
    const reporter = await loadReporter('table');
    expect(reporter(report, { width: 80, colour: false, words: wordsOf })).toContain('✗ absent');
  } finally {
    await server.close();
  }
});

test('errors that the documentation names can be told apart', async () => {
  await expect(checkServers([{ url: 'nowhere' }])).rejects.toThrow(library.ServerUrlError);
  expect(() => readRecording('/nowhere')).toThrow(library.RecordingError);
  expect(() => library.selectionOf(['no-such-check'], [])).toThrow(library.SelectionError);
});

test('every name that the documentation imports is exported', () => {
  const page = readFileSync(new URL('../docs/library.md', import.meta.url), 'utf8');
  const names = [...page.matchAll(/import \{ ([^}]+) \} from 'lastchunk'/g)].flatMap(([, list = '']) =>
    list.split(', '),
  );
  expect(names.length).toBeGreaterThan(5);
  expect(Object.keys(library)).toEqual(expect.arrayContaining(names));
});
