/** `upgrade` and `bisect` through the command, on a server whose versions differ. */
import { type ChildProcess, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';

const bin = fileURLToPath(new URL('../../bin/lastchunk.js', import.meta.url));
const toy = fileURLToPath(new URL('./toy-server.mjs', import.meta.url));
const cache = mkdtempSync(join(tmpdir(), 'lastchunk-upgrade-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

const template = `node ${toy} --port {port} --version {version}`;

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

function run(...args: readonly string[]): Promise<Ended> & { readonly child: ChildProcess } {
  const child = spawn(process.execPath, [bin, ...args], {
    env: { ...process.env, LASTCHUNK_CACHE: cache },
  });
  const ended = new Promise<Ended>((resolve) => {
    let out = '';
    let err = '';
    child.stdout.on('data', (data: Buffer) => {
      out += data.toString();
    });
    child.stderr.on('data', (data: Buffer) => {
      err += data.toString();
    });
    child.on('close', (code) => resolve({ code, out, err }));
  });
  return Object.assign(ended, { child });
}

const upgrade = (versions: string, ...more: readonly string[]) =>
  run(
    'upgrade',
    'toy',
    '--versions',
    versions,
    '--command',
    template,
    '--suite',
    'smoke',
    '--seed',
    '1',
    ...more,
  );
const bisect = (...more: readonly string[]) =>
  run('bisect', 'toy', '--command', template, '--check', 'usage-present', '--suite', 'smoke', ...more);

it('a step that forgets usage breaks, one that sends it again fixes', async () => {
  const { code, out } = await upgrade('1.2.0,1.3.0,1.5.0');
  expect(out).toMatch(/toy 1\.2\.0 → toy 1\.3\.0: breaks 2\n/);
  expect(out).toMatch(/toy 1\.3\.0 → toy 1\.5\.0: fixes 2\n/);
  expect(code).toBe(1);
});

it('a step between versions that do the same is safe', async () => {
  const { code, out } = await upgrade('1.0.0,1.2.0');
  expect(out).toContain('toy 1.0.0 → toy 1.2.0: safe\n');
  expect(code).toBe(0);
});

it('a version that does not start is named with its last words, and gives 3', async () => {
  const { code, out } = await upgrade('1.0.0,1.9.9');
  expect(out).toMatch(/toy 1\.9\.9: not available/);
  expect(out).toContain('cannot load the library');
  expect(code).toBe(3);
});

it('a server that dies is restarted for the rest, and its death is a finding', async () => {
  const { code, out } = await upgrade('1.0.0,2.0.0', '--suite', 'standard', '--format', 'json');
  const report = JSON.parse(out) as {
    servers: Array<{ results: Array<{ check: string; verdict: string; observed: string }> }>;
  };
  const death = report.servers[1]?.results.find(
    ({ check, verdict }) => check === 'server-survives' && verdict === 'fail',
  );
  expect(death?.observed).toMatch(/SIGABRT.*assertion failed: tools/);
  expect(code).toBe(1);
});

it('bisect names the first bad version last, and tests few', async () => {
  const versions = ['1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.4.0'].join(',');
  const { code, out } = await bisect('--versions', versions, '--good', '1.0.0', '--bad', '1.4.0');
  expect(out.trimEnd().split('\n').at(-1)).toBe('1.3.0');
  expect(code).toBe(0);
});

it('bisect says as JSON what it found, with what it had to skip', async () => {
  const versions = ['1.2.0', '1.9.9', '1.3.0'].join(',');
  const { out } = await bisect(
    '--versions',
    versions,
    '--good',
    '1.2.0',
    '--bad',
    '1.3.0',
    '--format',
    'json',
  );
  expect(out).toBe('{"firstBad":"1.3.0","lastGood":"1.2.0","tested":2,"skipped":["1.9.9"]}\n');
});

it('bisect takes the order of names that are no versions, and finds where a fault was mended', async () => {
  const { code, out } = await bisect('--versions', '1.4.0,x1,x2', '--good', 'x2', '--bad', '1.4.0');
  expect(out).toContain('mended; first good x1; last bad:\n1.4.0\n');
  expect(code).toBe(0);
});

it('bisect says where an end is not what it is said to be', async () => {
  const { code, err } = await bisect('--versions', '1.0.0,1.3.0', '--good', '1.3.0', '--bad', '1.0.0');
  expect(err).toBe('lastchunk: version 1.3.0 is said to be good, but was found to be bad\n');
  expect(code).toBe(2);
});

it('a search that was broken off goes on', async () => {
  const ends = ['--versions', '1.0.0,1.1.0,1.2.0,1.3.0', '--good', '1.0.0', '--bad', '1.3.0'];
  const copy = join(cache, 'another.mjs');
  copyFileSync(toy, copy);
  const first = bisect(...ends, '--command', template.replace(toy, copy));
  const bisects = join(cache, 'bisect');
  await expect.poll(() => readdirSync(bisects, { recursive: true }).length, { timeout: 20_000 }).toBe(1);
  first.child.kill('SIGINT');
  expect((await first).code).toBe(130);
  const again = await bisect(...ends, '--command', template.replace(toy, copy));
  expect(again.err).toMatch(/an earlier search goes on; known are 1\.0\.0/);
  expect(again.out.trimEnd().split('\n').at(-1)).toBe('1.3.0');
  expect(readdirSync(bisects)).toEqual([]);
});

it.each([
  [['upgrade', 'toy', '--versions', '1.0,1.1'], 'no launch recipe for "toy"'],
  [['upgrade', 'xllamacpp', '--from', '0.2.7'], 'name the versions'],
  [
    ['bisect', 'toy', '--command', template, '--check', 'nosuch', '--good', '1', '--bad', '2'],
    'unknown check "nosuch"',
  ],
  [
    [
      'bisect',
      'toy',
      '--command',
      template,
      '--check',
      'usage-present',
      '--good',
      '1.0.0',
      '--bad',
      '9',
      '--versions',
      '1.0.0,1.1.0',
    ],
    '9',
  ],
])('%s is an error of the command line', async (args, says) => {
  const { code, err } = await run(...args);
  expect(err).toContain(says);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(code).toBe(2);
});
