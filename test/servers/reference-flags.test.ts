/** `--reference`, `--tokenizer` and `--reference-server` as they are typed. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { BIN, lastchunk } from '../cli/lastchunk.ts';
import { startServer } from './model-server.ts';
import { llamaCppEndpoints } from './tokenizer-endpoints.ts';

const MODEL = fileURLToPath(new URL('../../fixtures/models/stories260K-f32.gguf', import.meta.url));

const run = (...flags: string[]) => lastchunk(['check', ...flags]);

async function checked(...flags: string[]) {
  const server = await startServer(llamaCppEndpoints);
  try {
    const label = `llama.cpp b5000=${server.url}`;
    const { stdout } = await run('--label', label, '--suite', 'smoke', '--format', 'json', ...flags);
    const report = JSON.parse(stdout) as { servers: Array<{ results: Array<Record<string, unknown>> }> };
    const results = report.servers.flatMap((entry) => entry.results);
    const of = results.filter(({ check }) => check === 'prompt-matches-reference');
    return { of, paths: new Set(server.requests.map(({ path }) => path)) };
  } finally {
    await server.close();
  }
}

it('auto is the default: what is at hand is used', async () => {
  const { of } = await checked();
  expect(new Set(of.map(({ verdict }) => verdict))).toEqual(new Set(['pass']));
});

it('none: neither check gives a result, and no endpoint is looked at', async () => {
  const { of, paths } = await checked('--reference', 'none');
  expect(of).toEqual([]);
  expect(paths.has('/tokenize')).toBe(false);
});

it('a list: only what it names', async () => {
  const { of, paths } = await checked('--reference', 'forced,ids');
  expect(new Set(of.map(({ verdict }) => verdict))).toEqual(new Set(['skip']));
  expect(paths.has('/tokenize')).toBe(false);
});

it.each([
  [['--reference', 'rubbish'], /"rubbish" is no source/],
  [['--reference', ''], /no source is named/],
  [['--reference', 'tokenizer'], /needs --tokenizer PATH/],
  [['--reference', 'server'], /needs --reference-server URL/],
  [['--reference', 'none', '--tokenizer', MODEL], /leave one out/],
  [['--reference', 'forced', '--tokenizer', MODEL], /leaves "tokenizer" out/],
  [['--tokenizer', '/nowhere.gguf'], /is not there/],
  [['--tokenizer', BIN], /\S/],
  [['--reference-server', 'localhost:8080'], /scheme/],
])('%j: exit 2 in one line, before anything is sent', async (flags, says) => {
  const { code, stdout, stderr } = await run('http://127.0.0.1:9', ...flags);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(says);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
