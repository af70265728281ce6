/** `upgrade` and `bisect` through the command, on a server whose versions differ. */
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, it } from 'vitest';
import { ended, lastchunk, start } from '../cli/lastchunk.ts';

const toy = fileURLToPath(new URL('./toy-server.mjs', import.meta.url));
const cache = mkdtempSync(join(tmpdir(), 'lastchunk-upgrade-'));
afterAll(() => rmSync(cache, { recursive: true, force: true }));

const template = `node ${toy} --port {port} --version {version}`;

const env = { LASTCHUNK_CACHE: cache };
const run = (...args: readonly string[]) => lastchunk(args, env);
/** In a process of its own, which is killed before it ends. */
const begun = (args: readonly string[]) => {
  const child = start(args, env);
  return { child, ended: ended(child) };
};

const SMOKE = ['--command', template, '--suite', 'smoke'];
const upgrading = (versions: string) => ['upgrade', 'toy', '--versions', versions, ...SMOKE, '--seed', '1'];
const bisecting = ['bisect', 'toy', '--check', 'usage-present', ...SMOKE];
const upgrade = (versions: string, ...more: readonly string[]) => run(...upgrading(versions), ...more);
const bisect = (...more: readonly string[]) => run(...bisecting, ...more);

it('a step that forgets usage breaks, one that sends it again fixes', async () => {
  const { code, stdout: out, stderr: err } = await upgrade('1.2.0,1.3.0,1.5.0');
  expect(out).toMatch(/toy 1\.2\.0 → toy 1\.3\.0: breaks 2\n/);
  expect(out).toMatch(/^log of toy 1\.3\.0: .+\.log$/m);
  // Where no line can be drawn over, each phase is told once.
  expect(err).toContain('lastchunk: toy 1.2.0: starting\nlastchunk: toy 1.2.0: checking\n');
  expect(
    Math.max(
      ...out
        .split('\n')
        .filter((line) => /→|^ {2}(breaks|fixes)/.test(line))
        .map((l) => l.length),
    ),
  ).toBeLessThanOrEqual(80);
  expect(out).toMatch(/toy 1\.3\.0 → toy 1\.5\.0: fixes 2\n/);
  expect(code).toBe(1);
});

it('a step between versions that do the same is safe', async () => {
  const { code, stdout: out } = await upgrade('1.0.0,1.2.0');
  expect(out).toContain('toy 1.0.0 → toy 1.2.0: safe\n');
  expect(code).toBe(0);
});

it('a version that does not start is named with its last words, and gives 3', async () => {
  const { code, stdout: out } = await upgrade('1.0.0,1.9.9');
  expect(out.replace(/\s+/g, ' ')).toContain(
    'toy 1.9.9 was not judged: toy 1.9.9 died before it was ready (exit code 7)',
  );
  expect(out).toContain('toy 1.9.9: log: cannot load the library');
  expect(code).toBe(3);
});

it('a key that a server prints is not shown, nor the half of one where a line is cut', async () => {
  const file = join(cache, 'prints-its-key.mjs');
  const key = 'sk-live-0123456789-9876543210';
  writeFileSync(
    file,
    'console.error("x".repeat(485) + process.argv[3]); console.error(process.argv[3]); process.exit(7);',
  );
  const ended = await run(
    'upgrade',
    'toy',
    '--versions',
    '1.0',
    '--command',
    `node ${file} --api-key ${key} {port}`,
    '--format',
    'json',
  );
  expect(ended.code).toBe(3);
  expect(ended.stderr).toContain('REDACTED');
  expect(ended.stdout + ended.stderr).not.toContain('sk-live');
});

it('a server that dies is restarted for the rest, and its death is a finding', async () => {
  const { code, stdout: out } = await upgrade('1.0.0,2.0.0', '--suite', 'standard', '--format', 'json');
  const report = JSON.parse(out) as {
    servers: Array<{ results: Array<{ check: string; verdict: string; observed: string }> }>;
  };
  const death = report.servers[1]?.results.find(
    ({ check, verdict }) => check === 'server-survives' && verdict === 'fail',
  );
  expect(death?.observed).toMatch(/SIGABRT.*assertion failed: tools/);
  expect(code).toBe(1);
});

it('the report holds the steps, the logs and one seed; an output that cannot be written gives 3', async () => {
  const file = join(toy, 'report.html');
  const {
    code,
    stdout: out,
    stderr: err,
  } = await upgrade('1.0.0,1.1.0', '--format', 'json', '--output', `html=${file}`);
  const report = JSON.parse(out) as {
    steps: unknown[];
    servers: Array<{ launched: { product: string; version: string; log: string } }>;
    seed: number;
  };
  expect(report.steps).toMatchObject([{ from: 'toy 1.0.0', to: 'toy 1.1.0', verdict: 'safe', breaks: [] }]);
  expect(report.servers.map(({ launched }) => [launched.product, launched.version])).toEqual([
    ['toy', '1.0.0'],
    ['toy', '1.1.0'],
  ]);
  expect(report.servers.every(({ launched }) => existsSync(launched.log))).toBe(true);
  expect(report.seed).toBe(1);
  expect(err).toContain('toy 1.0.0 → toy 1.1.0: safe');
  expect(err).toContain('could not be written');
  expect(code).toBe(3);
});

it('a baseline excuses what it lists, and fails the run where it is stale', async () => {
  const file = join(cache, 'baseline.yaml');
  const entry = (versions: string) =>
    `expected:\n  - { product: toy, versions: "${versions}", check: usage-present, case: "*", reason: known }\n`;
  writeFileSync(file, entry('1.3.0'));
  expect((await upgrade('1.2.0,1.3.0', '--baseline', file)).code).toBe(0);
  writeFileSync(file, entry('>=1.0.0 <1.3.0'));
  const stale = await upgrade('1.1.0,1.2.0', '--baseline', file);
  expect(stale.stdout).toContain('toy 1.1.0 → toy 1.2.0: safe');
  expect(stale.code).toBe(1);
});

it('Ctrl-C prints what was measured, gives 130 and leaves nothing running', async () => {
  const { child, ended } = begun(upgrading('1.0.0,hangs,1.1.0'));
  let told = '';
  child.stderr?.on('data', (data: Buffer) => {
    told += data.toString();
    if (told.includes('toy hangs: starting') && !child.killed) child.kill('SIGINT');
  });
  const { code, stdout: out } = await ended;
  expect(out).toMatch(/^✓ \d+ checks hold wherever judged/m);
  expect(out).toContain('Interrupted: 3 servers');
  expect(code).toBe(130);
  expect(readdirSync(join(cache, 'run'))).toEqual([]);
});

it('when its time is over upgrade says so, gives 3 and leaves nothing running', async () => {
  const { code, stdout: out } = await upgrade('hangs,1.0.0', '--max-duration', '4');
  expect(out).toContain('toy 1.0.0 was not judged to the end:');
  expect(out.replace(/\s+/g, ' ')).toContain('the run was ended after 4 s (--max-duration)');
  expect(code).toBe(3);
  expect(readdirSync(join(cache, 'run'))).toEqual([]);
});

it('bisect names the first bad version last, and tests few', async () => {
  const versions = ['1.0.0', '1.1.0', '1.2.0', '1.3.0', '1.4.0'].join(',');
  const { code, stdout: out } = await bisect('--versions', versions, '--good', '1.0.0', '--bad', '1.4.0');
  expect(out.trimEnd().split('\n').at(-1)).toBe('1.3.0');
  expect(code).toBe(0);
});

it('bisect finds what broke in an API that few servers have, and upgrade says so of the step', async () => {
  const line = ['--versions', '3.0.0,3.1.0,3.2.0', '--suite', 'smoke', '--command', template];
  const asked = ['--check', 'usage-complete', '--case', 'messages/*', '--good', '3.0.0', '--bad', '3.2.0'];
  const { code, stdout: out } = await run('bisect', 'toy', ...line, ...asked);
  expect(out.trimEnd().split('\n').at(-1)).toBe('3.2.0');
  expect(code).toBe(0);
  const step = await upgrade('3.1.0,3.2.0,1.2.0', '--api', 'chat,messages', '--no-confirm');
  expect(step.stdout).toMatch(/toy 3\.1\.0 → toy 3\.2\.0: breaks 1\n {2}breaks usage-complete \(messages, /);
  expect(step.stdout).toMatch(/toy 3\.2\.0 → toy 1\.2\.0: not comparable 1\n/);
  expect(step.stdout).toContain('not served: messages');
});

it('bisect says as JSON what it found, with what it had to skip', async () => {
  const versions = ['1.2.0', '1.9.9', '1.3.0'].join(',');
  const { stdout: out, stderr: err } = await bisect(
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
  expect(err).toMatch(
    /^1\.9\.9: skipped, .*exit code 7.*\n {4}cannot load the library\n {4}log: .*toy-1\.9\.9/m,
  );
});

it('bisect takes the order of names that are no versions, and finds where a fault was mended', async () => {
  const { code, stdout: out } = await bisect('--versions', '1.4.0,x1,x2', '--good', 'x2', '--bad', '1.4.0');
  expect(out).toContain('mended; first good x1; last bad:\n1.4.0\n');
  expect(code).toBe(0);
});

it('bisect compares counts as upgrade does, and says where an end is not what it is said to be', async () => {
  const ends = ['--versions', '1.0.0,1.3.0', '--good', '1.0.0', '--bad', '1.3.0'];
  const tokenizer = fileURLToPath(new URL('../../fixtures/models/stories260K-f32.gguf', import.meta.url));
  const counts = ['--check', 'prompt-matches-reference', '--tokenizer', tokenizer];
  const { code, stderr: err } = await bisect(...ends, ...counts);
  expect(err.trimEnd().split('\n')).toEqual([
    ...['1.0.0', '1.3.0'].flatMap((one) => [
      `lastchunk: toy ${one}: starting`,
      `lastchunk: toy ${one}: checking`,
    ]),
    'lastchunk: version 1.3.0 is said to be bad, but was found to be good',
  ]);
  expect(code).toBe(2);
});

it('a search that was broken off goes on', async () => {
  const ends = ['--versions', '1.0.0,1.1.0,1.2.0,1.3.0', '--good', '1.0.0', '--bad', '1.3.0'];
  const copy = join(cache, 'another.mjs');
  copyFileSync(toy, copy);
  const first = begun([...bisecting, ...ends, '--command', template.replace(toy, copy)]);
  const bisects = join(cache, 'bisect');
  await expect.poll(() => readdirSync(bisects, { recursive: true }).length, { timeout: 20_000 }).toBe(1);
  first.child.kill('SIGINT');
  expect((await first.ended).code).toBe(130);
  const brief = await bisect(...ends, '--command', template.replace(toy, copy), '--max-duration', '100ms');
  expect(brief.stderr).toMatch(/an earlier search goes on; known are 1\.0\.0/);
  expect(brief.stderr).toMatch(/\nlastchunk: the run was ended after 100 ms \(--max-duration\)\n$/);
  expect(brief.code).toBe(3);
  const again = await bisect(...ends, '--command', template.replace(toy, copy));
  expect(again.stderr).toMatch(/an earlier search goes on; known are 1\.0\.0/);
  expect(again.stdout.trimEnd().split('\n').at(-1)).toBe('1.3.0');
  expect(readdirSync(bisects)).toEqual([]);
});

it.each([
  [['upgrade', 'toy', '--versions', '1.0,1.1'], 'no launch recipe for "toy"'],
  [['upgrade', 'xllamacpp', '--from', '0.2.7', '--model', toy], 'name the versions'],
  [['upgrade', 'toy', '--command', template, '--versions', '1.0;id'], '"1.0;id" is no version'],
  [['upgrade', 'toy', '--command', template, '--binary', toy, '--versions', '1.0'], 'one or the other'],
  [
    ['upgrade', 'toy', '--command', template, '--context', '512', '--versions', '1.0'],
    'write the context into the command',
  ],
  [
    ['upgrade', 'xllamacpp', '--upstream', 'http://127.0.0.1:9', '--versions', '1.0'],
    '--upstream is for portkey, litellm, and for a --command with {upstream} in it',
  ],
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
  const { code, stderr: err } = await run(...args);
  expect(err).toContain(says);
  expect(err.trim().split('\n')).toHaveLength(1);
  expect(code).toBe(2);
});
