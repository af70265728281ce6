/** What docs/library.md shows works by the exports alone. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import * as library from '../src/index.ts';
import { start } from './cli/child-process.ts';

const { checkServers, loadReporter, readRecording, startReplay, wordsOf } = library;

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PAGE = readFileSync(new URL('../docs/library.md', import.meta.url), 'utf8');

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

test('the first example of checking runs as it is written, with the package as it is built', async () => {
  const example = /^## Checking servers\n+```js\n(.*?)^```$/ms.exec(PAGE)?.[1] ?? '';
  const server = await startReplay(recording, { timing: 'none', faults: ['drop-usage'] });
  onTestFinished(() => server.close());
  const code = example.replace(/http:[^']*/, server.url);
  const ran = start(process.execPath, ['--input-type=module', '--eval', code], { cwd: ROOT });
  const { code: status, stdout, stderr } = await ran.ended;
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  expect(stdout).toMatch(/^usage-present chat\/stream\/\S+: /m);
});

test('one server is checked by its URL, with what is said of it and of the run', async () => {
  const server = await startReplay(recording, { timing: 'none' });
  onTestFinished(() => server.close());
  const report = await library.check(server.url, { ...quick, name: 'mine', model: 'toy' });
  expect(report.servers).toMatchObject([{ name: 'mine', model: 'toy' }]);
  expect(report.suite).toBe('smoke');
});

test('errors that the documentation names can be told apart', async () => {
  await expect(checkServers([{ url: 'nowhere' }])).rejects.toThrow(library.ServerUrlError);
  expect(() => readRecording('/nowhere')).toThrow(library.RecordingError);
  expect(() => library.selectionOf(['no-such-check'], [])).toThrow(library.SelectionError);
});

test('every name that the documentation imports is exported', () => {
  const names = [...PAGE.matchAll(/import \{ ([^}]+) \} from 'lastchunk'/g)].flatMap(([, list = '']) =>
    list.split(', '),
  );
  expect(names.length).toBeGreaterThan(5);
  expect(Object.keys(library)).toEqual(expect.arrayContaining(names));
});
