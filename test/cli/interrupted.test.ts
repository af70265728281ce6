/** Interrupted, killed, or without a place to write: what is there is whole, and says what it is. */
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { reportSchema } from '../../src/reporters/report-schema.ts';
import { folderWith } from '../config/temporary.ts';
import { type RunningServer, startServer } from '../servers/model-server.ts';
import { BIN, lastchunk, start } from './child-process.ts';

async function serverWith(habits: Parameters<typeof startServer>[0] = {}): Promise<RunningServer> {
  const server = await startServer(habits);
  onTestFinished(() => server.close());
  return server;
}

/** A run against a slow server, once it has sent a few requests. */
async function midRun(cwd: string, ...flags: string[]) {
  const server = await serverWith({ delay: () => 150 });
  const running = start(process.execPath, [BIN, 'check', server.url, ...flags], { cwd });
  onTestFinished(() => void running.child.kill('SIGKILL'));
  while (server.state.requests < 8 && running.child.exitCode === null)
    await new Promise((resolve) => setTimeout(resolve, 20));
  return running;
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
  '%s: what was measured is printed and written, marked as partial; 130',
  async (signal) => {
    const cwd = folderWith({});
    const files = ['json=r.json', 'junit=r.xml', 'html=r.html', 'markdown=r.md'];
    const running = await midRun(cwd, ...files.flatMap((file) => ['--output', file]));
    running.child.kill(signal);
    const { code, stdout } = await running.ended;
    expect(code).toBe(130);
    expect(stdout).toMatch(/^✓ \d+ checks hold wherever judged/m);
    expect(stdout).toMatch(/Interrupted: 1 server: /);
    expect(stdout.replace(/\s+/g, ' ')).toContain('; it was interrupted.');
    const report = reportSchema.parse(JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8')));
    expect(report).toMatchObject({
      partial: true,
      exitCode: 130,
      servers: [{ halt: { kind: 'interrupted' } }],
    });
    expect(report.summary.pass).toBeGreaterThan(0);
    expect(report.summary.fail).toBe(0);
    expect(readFileSync(join(cwd, 'r.xml'), 'utf8')).toMatch(/type="interrupted"[\s\S]*<\/testsuites>\n$/);
    expect(readdirSync(cwd).sort()).toEqual(['r.html', 'r.json', 'r.md', 'r.xml']);
  },
);

test('killed: the report of the run before is left whole', async () => {
  const cwd = folderWith({ 'r.json': '{"before":true}' });
  const running = await midRun(cwd, '--output', 'json=r.json');
  running.child.kill('SIGKILL');
  await running.ended;
  expect(readFileSync(join(cwd, 'r.json'), 'utf8')).toBe('{"before":true}');
  expect(readdirSync(cwd)).toEqual(['r.json']);
});

const quick = ['--suite', 'smoke', '--only', 'usage-present'];

test.each([
  ['a path that is a folder', 'folder'],
  ['a path below a file', 'file/r.json'],
  ['a full disk', '/dev/full'],
])('%s is one line, exit 3, and the table still comes, and the other files', async (_what, path) => {
  const cwd = folderWith({ file: 'x' });
  mkdirSync(join(cwd, 'folder'));
  const { url } = await serverWith();
  const outputs = ['--output', `json=${path}`, '--output', 'markdown=r.md'];
  const { code, stdout, stderr } = await lastchunk(['check', url, ...quick, ...outputs], { cwd });
  expect(stderr).toMatch(/^lastchunk: \S+ could not be written \(E[A-Z]+\); choose another --output\n$/);
  expect(stdout).toContain('1 server: ');
  expect(code).toBe(3);
  expect(existsSync(join(cwd, 'r.md'))).toBe(true);
  expect(readdirSync(cwd).filter((name) => name.endsWith('.part'))).toEqual([]);
});

test('what was written before another could not be says how the run ended', async () => {
  const cwd = folderWith({});
  const { url } = await serverWith();
  const outputs = ['--output', 'json=r.json', '--output', 'junit=/dev/full'];
  const { code } = await lastchunk(['check', url, ...quick, ...outputs], { cwd });
  expect(code).toBe(3);
  expect(JSON.parse(readFileSync(join(cwd, 'r.json'), 'utf8'))).toMatchObject({ exitCode: 3 });
});

test('a fail stays exit 1 where an output could not be written', async () => {
  const { url } = await serverWith({ mapUsage: () => undefined });
  const { code } = await lastchunk(['check', url, ...quick, '--output', 'json=/dev/full'], {
    cwd: folderWith({}),
  });
  expect(code).toBe(1);
});

test('stdout on a full disk is told, and no success', async () => {
  const { url } = await serverWith();
  const script = `"$0" "$1" check "$2" --suite smoke --only usage-present --no-confirm > /dev/full`;
  const running = start('/bin/sh', ['-c', script, process.execPath, BIN, url], { cwd: folderWith({}) });
  const { code, stderr } = await running.ended;
  expect(stderr).toMatch(/ENOSPC/);
  expect(code).toBe(3);
});

test('a reader that goes away is no fault', async () => {
  const { url } = await serverWith();
  const script = `{ "$0" "$1" check "$2" --suite smoke --verbose; echo $? >&2; } | head -1`;
  const running = start('/bin/sh', ['-c', script, process.execPath, BIN, url], { cwd: folderWith({}) });
  expect((await running.ended).stderr.trim()).toMatch(/^[01]$/);
});

test('a link is written through, a pipe is written to', async () => {
  const cwd = folderWith({ 'real.json': 'old' });
  symlinkSync('real.json', join(cwd, 'link.json'));
  const { url } = await serverWith();
  const flags = `${quick.join(' ')} --output json=link.json --output github=/dev/stderr`;
  const script = `{ "$0" "$1" check "$2" ${flags} >/dev/null; echo "exit $?" >&2; } 2>&1 | cat`;
  const { stdout } = await start('/bin/sh', ['-c', script, process.execPath, BIN, url], { cwd }).ended;
  expect(stdout).toMatch(/^(?:::notice .*not served: .*\n)?::notice title=lastchunk::.*\nexit 0\n$/);
  expect(JSON.parse(readFileSync(join(cwd, 'real.json'), 'utf8'))).toMatchObject({ exitCode: 0 });
  expect(readdirSync(cwd).sort()).toEqual(['link.json', 'real.json']);
});
