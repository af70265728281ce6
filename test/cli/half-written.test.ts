/** A full disk and a kill leave no half-written file that a later run would read. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { readRecording } from '../../src/recordings/recording.ts';
import { BIN, ended, folder, lastchunk, serving, start } from './lastchunk.ts';

/** The command where no file may grow beyond so many KiB: writing fails as on a full disk. */
const cramped = (kibibytes: number, flags: readonly string[]) =>
  ended(spawn('bash', ['-c', `ulimit -f ${kibibytes}; exec "$@"`, 'bash', process.execPath, BIN, ...flags]));

it('init leaves no config file', async () => {
  const { url } = await serving();
  const dir = folder();
  const made = await cramped(1, ['init', url, '--out', join(dir, 'lastchunk.yaml')]);
  expect(made).toMatchObject({ code: 3, stdout: '' });
  expect(made.stderr.trim()).toMatch(/^lastchunk: \S+lastchunk\.yaml could not be written \(EFBIG\)[^\n]*$/);
  expect(readdirSync(dir)).toEqual([]);
});

it('record leaves no folder where nothing could be written', async () => {
  const { url } = await serving();
  const out = join(folder(), 'recording');
  const made = await cramped(0, ['record', url, '--out', out, '--suite', 'smoke']);
  expect(made).toMatchObject({ code: 3, stdout: '' });
  expect(made.stderr.trim()).toMatch(/^lastchunk: \S+recording can't be written \(EFBIG\)[^\n]*$/);
  expect(existsSync(out)).toBe(false);
});

it('record keeps the exchanges that were written whole, as a run that was broken off', async () => {
  const { url } = await serving();
  const out = join(folder(), 'recording');
  const made = await cramped(8, ['record', url, '--out', out, '--suite', 'smoke']);
  expect(made).toMatchObject({ code: 3, stdout: '' });
  const { head, exchanges } = readRecording(out);
  expect(head.complete).toBe(false);
  expect(exchanges.length).toBeGreaterThan(0);
  expect(made.stderr).toContain(`could not be written (EFBIG), but for the first ${exchanges.length} exch`);
  expect(readFileSync(join(out, 'exchanges.jsonl'), 'utf8').endsWith('}\n')).toBe(true);
  expect(readdirSync(out).sort()).toEqual(['exchanges.jsonl', 'recording.json']);
  const judged = await lastchunk(['check', '--from', out]);
  expect(judged.code).toBe(130);
});

it('a report stays what it was', async () => {
  const { url } = await serving();
  const dir = folder();
  const report = join(dir, 'report.json');
  writeFileSync(report, 'old');
  const made = await cramped(1, ['check', url, '--suite', 'smoke', '--output', `json=${report}`]);
  expect(made.code).toBe(3);
  expect(made.stderr).toContain('report.json could not be written (EFBIG)');
  expect(readFileSync(report, 'utf8')).toBe('old');
  expect(readdirSync(dir)).toEqual(['report.json']);
});

it('what a run that was killed left half-written is removed by the next', async () => {
  const { url } = await serving();
  const dir = folder();
  const killedOnWriting = `import fs from 'node:fs';
    import { syncBuiltinESMExports } from 'node:module';
    fs.fsyncSync = () => process.kill(process.pid, 'SIGKILL');
    syncBuiltinESMExports();`;
  const init = ['init', url, '--out', join(dir, 'lastchunk.yaml')];
  const first = ['--import', `data:text/javascript,${encodeURIComponent(killedOnWriting)}`, BIN, ...init];
  expect((await ended(spawn(process.execPath, first))).code).toBe('SIGKILL');
  expect(readdirSync(dir)).toEqual([expect.stringMatching(/^lastchunk\.yaml\.\d+\.part$/)]);
  // What is younger than a process is not taken away by it.
  expect((await ended(start(init))).code).toBe(0);
  expect(readdirSync(dir)).toEqual(['lastchunk.yaml']);
});
