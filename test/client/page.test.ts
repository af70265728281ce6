/** What docs/client.md shows works as it stands there. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import * as client from '../../src/client/index.ts';
import { tokenizerCounter } from '../../src/client/tokenizer-counter.ts';
import { type RunningServer, startServer } from '../servers/model-server.ts';

const page = readFileSync(new URL('../../docs/client.md', import.meta.url), 'utf8');
const modelFile = new URL('../../fixtures/models/stories260K-f32.gguf', import.meta.url).pathname;
const examples = [...page.matchAll(/^```js (\S+)\n(.*?)^```$/gms)].map(([, name = '', code = '']) => [
  name,
  code,
]);

const PACKAGES: Readonly<Record<string, () => Promise<object> | object>> = {
  'lastchunk/client': () => client,
  lastchunk: () => ({ tokenizerCounter }),
  openai: async () => ({ ...(await import('openai')), default: (await import('openai')).default }),
  ai: () => import('ai'),
  '@ai-sdk/openai-compatible': () => import('@ai-sdk/openai-compatible'),
  '@langchain/openai': () => import('@langchain/openai'),
};

/** Runs an example with what it takes for granted. What it prints, line by line. */
async function run(code: string, baseURL: string): Promise<unknown[]> {
  const printed: unknown[] = [];
  const loaded: object[] = [];
  const body = await replacedImports(code, loaded);
  const written = { stdout: { write: (text: unknown) => printed.push(text) } };
  const console = { log: (...values: unknown[]) => printed.push(values) };
  const example = new Function(
    ...['loaded', 'baseURL', 'model', 'modelFile', 'process', 'console'],
    `return (async () => { ${body} })()`,
  );
  await example(loaded, baseURL, 'toy', modelFile, written, console);
  await expect.poll(() => printed.some((value) => Array.isArray(value))).toBe(true);
  return printed;
}

/** Packages stand in an array instead: a function cannot import. */
async function replacedImports(code: string, loaded: object[]): Promise<string> {
  const lines: string[] = [];
  for (const line of code.split('\n')) {
    const [, whole, named, from] = /^import (?:(\w+)|\{(.*)\}) from '(.*)';$/.exec(line) ?? [];
    if (from === undefined) lines.push(line);
    else {
      const found = await PACKAGES[from]?.();
      if (found === undefined) throw new Error(`${from} is not known here`);
      loaded.push(found);
      lines.push(
        `const {${whole === undefined ? named : `default: ${whole}`}} = loaded[${loaded.length - 1}];`,
      );
    }
  }
  return lines.join('\n');
}

let right: RunningServer;
let silent: RunningServer;
beforeAll(async () => {
  right = await startServer();
  silent = await startServer({ mapUsage: (usage, { mode }) => (mode === 'stream' ? undefined : usage) });
});
afterAll(() => Promise.all([right.close(), silent.close()]));

it('there is an example of each', () => {
  expect(examples.map(([name]) => name)).toEqual(['openai', 'ai-sdk', 'langchain', 'watch', 'count']);
});

it.each(examples)('%s', async (name, code) => {
  const printed = await run(code, `${name === 'count' ? silent.url : right.url}/v1`);
  const report = printed.find((value) => Array.isArray(value));
  const usage = { prompt_tokens: expect.any(Number), completion_tokens: expect.any(Number) };
  if (name === 'openai') expect(report).toMatchObject([usage, 'server', [], 'complete']);
  else if (name === 'count') expect(report).toMatchObject([usage, 'estimate', false]);
  else expect(report).toMatchObject([{ usage, source: 'server', problems: [], end: 'complete' }]);
});
