/** What the user says wrong is told without the keys in it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { folderWith } from '../config/temporary.ts';
import { startServer } from '../servers/model-server.ts';
import { lastchunk } from './child-process.ts';

it.each([
  [['check', 'http://user:pa/SECRET@h']],
  [['http:/user:SECRET@h']],
  [['check', 'http://h', '--header', 'SECRET']],
  [['check', 'http://h', '--header', 'x SECRET: y']],
  [['check', 'http://h', '--label', 'http://user:SECRET@h']],
  [['check', 'http://h', '--api-kei=SECRET']],
  [['check', 'http://h', '--reference-server', 'http://user:SECRET@h:99999']],
  [['upgrade', 'litellm@1', '--upstream', 'htp://user:SECRET@h']],
])('%j', async (flags) => {
  for (const more of [[], ['--debug']]) {
    const { code, stderr } = await lastchunk([...flags, ...more], { cwd: folderWith({}) });
    expect(code).toBe(2);
    expect(stderr).not.toContain('SECRET');
  }
});

it.each([
  ['baseline', 'baseline: "${X}/b.yaml"', '${X}/b.yaml: no such file'],
  ['cacert', 'cacert: "${X}.pem"', '${X}.pem: no such file'],
  ['tokenizer', 'tokenizer: "${X}.gguf"', '${X}.gguf'],
  ['outputs', 'outputs: { json: "/dev/null/${X}" }', '/dev/null/${X} could not be written'],
])('%s of the config file is shown as it is written', async (_key, line, shown) => {
  const server = await startServer();
  onTestFinished(() => server.close());
  const cwd = folderWith({
    'lastchunk.yaml': `suite: smoke\nservers: [{ url: "${server.url}" }]\n${line}\n`,
  });
  const ended = await lastchunk(['check', '--only', 'usage-once'], { cwd, env: { X: 'hidden-text' } });
  expect(ended.code).not.toBe(0);
  expect(ended.stderr).toContain(shown);
  expect(ended.stdout + ended.stderr).not.toContain('hidden-text');
});

it('a mistyped server of a config file', async () => {
  const cwd = folderWith({ 'lastchunk.yaml': 'servers: [{ url: "http://h" }]\n' });
  const { stderr } = await lastchunk(['check', 'user:SECRET@h'], { cwd });
  expect(stderr).toContain('has no server "h"');
  expect(stderr).not.toContain('SECRET');
});

it('init writes no key that a server calls its model', async () => {
  const KEY = 'sk-live/0123456789';
  for (const id of [KEY, `models/${encodeURIComponent(KEY)}`, Buffer.from(KEY).toString('base64')]) {
    const server = await startServer({
      models: () => ({ status: 200, body: JSON.stringify({ data: [{ id }] }) }),
      mapHeaders: (headers) => ({ ...headers, server: `vllm/${KEY}` }),
    });
    onTestFinished(() => server.close());
    const cwd = folderWith({});
    const ended = await lastchunk(['init', server.url, '--api-key-env', 'K'], { cwd, env: { K: KEY } });
    expect(ended.code).toBe(0);
    const text = readFileSync(join(cwd, 'lastchunk.yaml'), 'utf8');
    expect(text).not.toContain('0123456789');
    expect(text).toContain('# model: NAME');
  }
});

it('--debug shows control characters as escapes, and the stack', async () => {
  const { stderr } = await lastchunk(
    ['check', 'http://h', '--cacert', '\u001b[31m\u009b2J\nat x', '--debug'],
    {
      cwd: folderWith({}),
    },
  );
  expect(stderr).toContain('\\x1b[31m');
  expect(stderr).toMatch(/\n {4}at /);
  expect(stderr).not.toMatch(/[\u001b\u009b]|\nat x/);
});
