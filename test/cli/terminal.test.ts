/** Ctrl-C, broken pipes, progress on a terminal, and the whole output as people see it. */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { events, isUsage } from '../servers/edits.ts';
import { BIN, ended, lastchunk, serving, start } from './lastchunk.ts';

/** What differs from run to run: ports, times, seeds. */
const settled = (text: string) =>
  text
    .replace(/127\.0\.0\.1:\d+/g, (host) => '127.0.0.1:PORT'.padEnd(host.length))
    .replace(/replay \S*\/fixtures\/(\S+) --port \d+/g, 'replay fixtures/$1 --port PORT')
    .replace(/\b\d+(?:\.\d+)? m?s\b/g, (time) => 'TIME'.padStart(time.length))
    .replace(/TIME\s+TIME/g, 'TIME')
    .replace(/(seed"?:? ?)\d+/g, '$1SEED')
    .replace(/chatcmpl-\w+|cmpl-\w+/g, 'ID')
    .replace(/"created":\d+/g, '"created":TIME')
    .replace(/ +TIME/g, ' TIME')
    // How much of a frame has room depends on how long its time is.
    // How a frame is wrapped follows the width of its time.
    .replace(/^( TIME {2}.{7}).*$/gm, '$1')
    .replace(/^ {17,}.*["{}[\]].*\n/gm, '')
    // Versions are measured again and again.
    .replace(/^ {3}measured .*\n(?: {13}\S.*\n)*/gm, '')
    .replace(/ +$/gm, '');

const hasPython = (() => {
  try {
    execFileSync('python3', ['-c', 'import pty']);
    return true;
  } catch {
    return false;
  }
})();

/** Runs the command on a pseudo-terminal of 100 columns. */
const ON_A_TERMINAL = `
import os, pty, struct, sys, fcntl, termios
pid, fd = pty.fork()
if pid == 0:
    os.execvp(sys.argv[1], sys.argv[1:])
fcntl.ioctl(fd, termios.TIOCSWINSZ, struct.pack('HHHH', 40, 100, 0, 0))
out = b''
while True:
    try:
        data = os.read(fd, 65536)
    except OSError:
        break
    if not data:
        break
    out += data
sys.stdout.buffer.write(out)
`;

it('Ctrl-C prints what was measured and exits 130', async () => {
  const server = await serving({ delay: (c) => (c.body.max_tokens === 256 ? 60_000 : 0) });
  const child = start(['check', server.url, '--timeout', '100', '--format', 'json']);
  const finished = ended(child);
  await expect
    .poll(() => server.requests.some(({ body }) => body.includes(':256')), { timeout: 20_000 })
    .toBe(true);
  const begun = performance.now();
  child.kill('SIGINT');
  const { code, stdout } = await finished;
  expect(performance.now() - begun).toBeLessThan(20_000);
  expect(code).toBe(130);
  const report = JSON.parse(stdout);
  expect(report).toMatchObject({
    partial: true,
    exitCode: 130,
    servers: [{ halt: { kind: 'interrupted' } }],
  });
  expect(report.summary.pass).toBeGreaterThan(50);
});

it('Ctrl-C before anything was found out', async () => {
  const server = await serving({ models: () => 'hang' });
  const child = start(['check', server.url]);
  const finished = ended(child);
  await expect.poll(() => server.requests.length, { timeout: 20_000 }).toBeGreaterThan(0);
  child.kill('SIGINT');
  const { code, stdout, stderr } = await finished;
  expect(code).toBe(130);
  expect(stdout).toContain('interrupted');
  expect(stderr).toBe('');
});

it('a reader that leaves is no error', async () => {
  const server = await serving();
  const line = `"${process.execPath}" "${BIN}" check ${server.url} --suite smoke --format json | head -c 10`;
  const child = spawn('sh', ['-c', line]);
  expect(await ended(child)).toEqual({ code: 0, stdout: '{\n  "schem', stderr: '' });
});

it.runIf(existsSync('/dev/full'))('what cannot be told on stderr changes no status', async () => {
  const line = `"${process.execPath}" "${BIN}" check nowhere --no-config 2>/dev/full`;
  expect(await ended(spawn('sh', ['-c', line]))).toEqual({ code: 2, stdout: '', stderr: '' });
});

it('no progress and no colour in a pipe; colour where it is forced', async () => {
  const server = await serving();
  const piped = await lastchunk(['check', server.url, '--suite', 'smoke']);
  expect(piped.stderr).toBe('');
  expect(piped.stdout).not.toContain('\u001b');
  const forced = await lastchunk(['check', server.url, '--suite', 'smoke'], { FORCE_COLOR: '1' });
  expect(forced.stdout).toContain('\u001b[');
  const refused = await lastchunk(['check', server.url, '--suite', 'smoke', '--no-color'], {
    FORCE_COLOR: '1',
  });
  expect(refused.stdout).not.toContain('\u001b');
});

it.runIf(hasPython)('on a terminal: progress with the time, wiped at the end', async () => {
  const server = await serving({ delay: () => 5 });
  const run = (env: Record<string, string>) => {
    const command = ['-c', ON_A_TERMINAL, process.execPath, BIN, 'check', server.url, '--suite', 'smoke'];
    return ended(
      spawn('python3', command, { env: { ...process.env, NO_COLOR: '', FORCE_COLOR: undefined, ...env } }),
    );
  };
  const { stdout } = await run({});
  expect(stdout).toMatch(/\r\u001b\[2K127\.0\.0\.1:\d+ 0:\d\d \d+\/~\d+ chat text/);
  const [, afterwards] = stdout.split(/\r\u001b\[2K(?=[^\r]*lastchunk 0)/s);
  expect(afterwards).toMatch(/lastchunk [\d.]+ · suite smoke/);
  expect(stdout).toMatch(/\u001b\[3\dm/);
  expect((await run({ NO_COLOR: '1' })).stdout).not.toMatch(/\u001b\[\d+m/);
});

it.runIf(hasPython)('on a terminal: the headline so far, when the plain requests are judged', async () => {
  const server = await serving(events((list) => list.filter((event) => !isUsage(event))));
  const flags = ['check', server.url, '--only', 'usage-present', '--api', 'chat'];
  const command = ['-c', ON_A_TERMINAL, process.execPath, BIN, ...flags];
  const { stdout } = await ended(spawn('python3', command));
  const [before = '', after] = stdout.split(/so far: \S+: no usage in any chat stream \(2 of 2\)\.\r\n/);
  expect(before).toMatch(/chat short/);
  expect(before).not.toMatch(/chat natural/);
  expect(after).toMatch(/chat natural/);
  const piped = await lastchunk(flags);
  expect(piped.stderr).toBe('');
});

it('the demo, as it is printed', async () => {
  const { code, stdout, stderr } = await lastchunk(['demo']);
  expect(stderr).toBe('');
  expect(code).toBe(0);
  expect(settled(stdout)).toMatchSnapshot();
});

it('a broken server, as it is printed', async () => {
  const server = await serving(events((list) => list.filter((event) => !isUsage(event))));
  const flags = ['--suite', 'smoke', '--seed', '1', '--label', `broken-server 1.0=${server.url}`];
  const { code, stdout } = await lastchunk(['check', ...flags]);
  expect(code).toBe(1);
  expect(settled(stdout)).toMatchSnapshot();
});
