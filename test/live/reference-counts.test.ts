/** The local tokenizer against real servers: every count is equal, or every difference is explained. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { apis } from '../../src/apis/index.ts';
import { selectionOf } from '../../src/config/selection.ts';
import { launch } from '../../src/launch/launch.ts';
import { recipeFor } from '../../src/products/recipe-for.ts';
import { checkServers } from '../../src/run/run.ts';
import { type ChatMessage, loadTokenizer } from '../../src/tokenizer/index.ts';
import { isWanted } from './wanted.ts';

const fileOf = (path: string) => fileURLToPath(new URL(`../../${path}`, import.meta.url));
const cacheFolder = fileOf('.live');
const model = fileOf('fixtures/models/stories260K-f32.gguf');
const { conversations } = JSON.parse(
  readFileSync(fileOf('fixtures/tokenizers/conversations.json'), 'utf8'),
) as { conversations: ChatMessage[][] };
/** Some servers no longer answer once a prompt was over the context: those are left out. */
const LONGEST = 450;
const texts = [...new Set(conversations.flat().map(({ content }) => String(content)))];

async function withServer<T>(product: string, version: string, use: (url: string) => Promise<T>): Promise<T> {
  const server = await launch(recipeFor(product), version, { cacheFolder, model, onProgress: () => {} });
  try {
    return await use(server.baseUrl);
  } finally {
    await server.stop();
  }
}

/** `usage.prompt_tokens` of a request without streaming. */
async function reported(url: string, path: string, body: object): Promise<number> {
  const response = await fetch(`${url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...body, max_tokens: 1, temperature: 0 }),
    signal: AbortSignal.timeout(60_000),
  });
  const answer = (await response.json()) as { usage: { prompt_tokens: number } };
  return answer.usage.prompt_tokens;
}

const tokenizer = await loadTokenizer(model);
const { chat } = tokenizer;
if (chat === undefined) throw new Error('the model has a chat template');
const fitting = conversations.filter((messages) => chat.count(messages) <= LONGEST);
const special = { parseSpecial: true, addSpecial: true };

/** What is not equal: the conversation or text, what the server said, and what was expected. */
async function differences(
  url: string,
  countOf: (messages: ChatMessage[]) => number,
): Promise<readonly unknown[]> {
  const found: unknown[] = [];
  for (const messages of fitting) {
    const said = await reported(url, '/v1/chat/completions', { messages });
    if (said !== countOf(messages)) found.push([messages, said, countOf(messages)]);
  }
  for (const prompt of texts.filter((text) => tokenizer.count(text, special) <= LONGEST)) {
    const said = await reported(url, '/v1/completions', { prompt });
    if (said !== tokenizer.count(prompt, special)) found.push([prompt, said]);
  }
  return found;
}

it('enough is compared', () => {
  expect(fitting.length).toBeGreaterThanOrEqual(60);
});

it.runIf(isWanted('xllamacpp latest'))('native llama.cpp: each local count is the server’s', async () => {
  await withServer('xllamacpp', '2026.10.11549', async (url) => {
    expect(await differences(url, (messages) => chat.count(messages))).toEqual([]);
    const report = await checkServers(
      [{ name: 'native', url, model: null, headers: {}, label: null, profile: null }],
      {
        apis: [...apis.keys()],
        suite: 'full',
        selection: selectionOf(['*-matches-reference', 'completion-equals-limit'], []),
        seed: 7,
        confirm: true,
        strict: false,
        timeoutMs: 120_000,
        waitMs: 30_000,
        concurrency: 1,
        body: {},
        caPem: null,
        reference: { sources: null, tokenizer, serverUrl: null },
        signal: new AbortController().signal,
        progress: () => {},
      },
    );
    const results = report.servers.flatMap((server) => server.results);
    expect(results.filter(({ verdict }) => verdict !== 'pass' && verdict !== 'skip')).toEqual([]);
    const sources = results.find(
      ({ check, case: id }) => check === 'prompt-matches-reference' && id === 'chat/stream/asked/text',
    );
    expect(sources?.reference).toBe('/tokenize, /input_tokens, gguf');
  });
});

/** src/servers/llama-cpp-python.ts says why: what its chats lack is the beginning-of-text token. */
const withoutBos = (messages: ChatMessage[]) =>
  tokenizer.count(chat.render(messages), { parseSpecial: true, addSpecial: false });

for (const version of ['0.2.84', '0.2.87', '0.3.36']) {
  it.runIf(isWanted(`llama-cpp-python ${version}`))(
    `llama-cpp-python ${version}: chats lack the BOS, plain prompts are equal`,
    async () => {
      await withServer('llama-cpp-python', version, async (url) => {
        expect(await differences(url, withoutBos)).toEqual([]);
        for (const messages of fitting) expect(withoutBos(messages)).toBe(chat.count(messages) - 1);
      });
    },
  );
}
