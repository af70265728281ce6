/** The steps of action.yml, run as a runner runs them. */
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import type { Report } from '../../src/model/report.ts';
import { folderWith } from '../config/temporary.ts';
import type { Habits } from '../servers/habits.ts';
import { startServer } from '../servers/model-server.ts';
import { start } from './child-process.ts';

interface Action {
  readonly inputs: Record<string, { description: string; default: string }>;
  readonly outputs: Record<string, { description: string; value: string }>;
  readonly runs: { using: string; steps: Step[] };
}

interface Step {
  readonly id?: string;
  readonly shell: string;
  readonly run: string;
  readonly env?: Record<string, string>;
}

const root = fileURLToPath(new URL('../..', import.meta.url));
const action = parse(readFileSync(join(root, 'action.yml'), 'utf8')) as Action;

/** What a step wrote to GITHUB_OUTPUT, in either way a runner reads. */
function outputsIn(text: string): Record<string, string> {
  const found = text.matchAll(/^([\w-]+)(?:=(.*)|<<(\S+)\n([\s\S]*?)\n\3)$/gm);
  return Object.fromEntries([...found].map(([, name = '', short, , long]) => [name, short ?? long ?? '']));
}

/** Runs the steps with these inputs, their defaults where left out; stops at the first that fails. */
async function runAction(inputs: Record<string, string>, cwd: string, more: Record<string, string> = {}) {
  const known = Object.fromEntries(
    Object.entries(action.inputs).map(([name, input]) => [name, input.default]),
  );
  const values = { ...known, ...inputs };
  const runner = {
    GITHUB_ACTION_PATH: root,
    GITHUB_OUTPUT: join(cwd, 'runner/output'),
    GITHUB_STEP_SUMMARY: join(cwd, 'runner/summary'),
  };
  let code: number | null = 0;
  let log = '';
  for (const step of action.runs.steps) {
    const env = Object.entries(step.env ?? {}).map(([name, text]) => {
      const filled = text.replace(/\$\{\{ inputs\.([\w-]+) \}\}/g, (_all, input: string) => {
        if (!(input in values)) throw new Error(`no input ${input}`);
        return values[input as keyof typeof values] ?? '';
      });
      return [name, filled];
    });
    const surroundings = { cwd, env: { ...more, ...runner, ...Object.fromEntries(env) } };
    const ended = await start(
      'bash',
      ['--noprofile', '--norc', '-eo', 'pipefail', '-c', step.run],
      surroundings,
    ).ended;
    log += ended.stdout + ended.stderr;
    code = ended.code;
    if (code !== 0) break;
  }
  const written = readFileSync(runner.GITHUB_OUTPUT, 'utf8');
  return {
    code,
    log,
    outputs: outputsIn(written),
    summary: readFileSync(runner.GITHUB_STEP_SUMMARY, 'utf8'),
  };
}

async function serverWith(habits: Habits = {}): Promise<string> {
  const server = await startServer(habits);
  onTestFinished(() => server.close());
  return server.url;
}

const runner = { 'runner/output': '', 'runner/summary': '' };

test('every input is used, every output is given, each step names its shell', () => {
  const { steps, using } = action.runs;
  expect(using).toBe('composite');
  const used = JSON.stringify(steps.map(({ env }) => env));
  for (const name of Object.keys(action.inputs)) expect(used).toContain(`\${{ inputs.${name} }}`);
  for (const { run, shell } of steps) {
    expect(shell).toBe('bash');
    expect(run).not.toContain('${{');
  }
  for (const [name, { value }] of Object.entries(action.outputs))
    expect(value).toBe(`\${{ steps.check.outputs.${name} }}`);
});

test('a red run: status, reports, summary and annotations', async () => {
  const cwd = folderWith(runner);
  const url = await serverWith({ mapUsage: () => undefined });
  const { code, outputs, summary, log } = await runAction({ url, suite: 'smoke', output: 'out\n= dir' }, cwd);
  expect(code).toBe(1);
  expect(outputs).toEqual({
    'exit-status': '1',
    json: 'out\n= dir/report.json',
    junit: 'out\n= dir/junit.xml',
    html: 'out\n= dir/report.html',
    markdown: 'out\n= dir/report.md',
  });
  expect(Object.keys(action.outputs).sort()).toEqual(Object.keys(outputs).sort());
  for (const path of Object.values(outputs).slice(1)) expect(existsSync(join(cwd, path))).toBe(true);
  expect(summary).toMatch(/^## lastchunk: not passed\n/);
  expect(log).toMatch(/^::error title=usage-present/m);
  expect(log).toContain('✗ ');
});

test('several servers, and the files of the checkout', async () => {
  const cwd = folderWith({
    ...runner,
    'ci/lastchunk.yaml': 'only: [usage-present]\n',
    'known.yaml': 'expected: []\n',
  });
  const url = `${await serverWith()}\n${await serverWith({ atDoor: () => undefined })}\n`;
  const inputs = {
    url,
    config: 'ci/lastchunk.yaml',
    baseline: 'known.yaml',
    suite: 'smoke',
    'api-key-env': 'KEY',
  };
  const { code, summary } = await runAction(inputs, cwd, { KEY: 'sesame' });
  expect(code).toBe(0);
  expect(summary).toContain('2 servers: ');
});

test('a job that is cancelled leaves what was measured', async () => {
  const cwd = folderWith(runner);
  let asked = () => {};
  const answered = new Promise<void>((resolve) => {
    asked = resolve;
  });
  // Lists its model, and never answers what is asked of that.
  const server = createServer((request, response) => {
    if (request.url === '/v1/models') response.end('{"data":[{"id":"m"}]}');
    else if (request.method === 'POST') asked();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  const step = action.runs.steps.find(({ id }) => id === 'check');
  const env = {
    GITHUB_ACTION_PATH: root,
    GITHUB_OUTPUT: join(cwd, 'runner/output'),
    LASTCHUNK_URL: `http://127.0.0.1:${port}`,
  };
  const { child, ended } = start('bash', ['-eo', 'pipefail', '-c', step?.run ?? ''], { cwd, env });
  await Promise.race([answered, ended]);
  child.kill('SIGINT');
  expect((await ended).code).toBe(130);
  const outputs = outputsIn(readFileSync(env.GITHUB_OUTPUT, 'utf8'));
  expect(outputs['exit-status']).toBe('130');
  const report = JSON.parse(readFileSync(join(cwd, outputs.json ?? ''), 'utf8')) as Report;
  expect(report).toMatchObject({ partial: true, exitCode: 130 });
});

test('input that is no URL is not read as a flag or a command', async () => {
  const cwd = folderWith(runner);
  const { code, outputs, summary } = await runAction(
    { url: '--help $(touch owned)', suite: 'smoke; touch owned' },
    cwd,
  );
  expect(code).toBe(2);
  expect(outputs).toEqual({ 'exit-status': '2' });
  expect(summary).toContain('exit status 2');
  expect(existsSync(join(cwd, 'owned'))).toBe(false);
});
