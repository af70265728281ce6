/** The SDKs that people use, with `lastchunk/client` in them, against recordings of real servers and against broken ones. */
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { HumanMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { streamText } from 'ai';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type UsageReport, type WithUsageOptions, withUsage } from '../../src/client/index.ts';
import { readRecording } from '../../src/recordings/recording.ts';
import { type ReplayServer, startReplay } from '../../src/recordings/server.ts';

const FIXTURES = new URL('../../fixtures/recordings/', import.meta.url);
const PROMPT =
  'Write a long numbered list of one hundred different animals, one on each line, without any introduction.';
const MODEL = 'stories260K-f32.gguf';

/** A fetch that watches, and what it told. */
function watching(options: WithUsageOptions = {}) {
  const reports: UsageReport[] = [];
  const fetch = withUsage(globalThis.fetch, { ...options, onReport: (report) => reports.push(report) });
  return { fetch, reports };
}

/** One streamed chat by each SDK: the text that it delivers and the usage that it sees itself. */
const sdks = {
  async openai(url: string, fetch: typeof globalThis.fetch) {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', fetch, maxRetries: 0 });
    const stream = await client.chat.completions.create({
      model: MODEL,
      messages: [{ role: 'user', content: PROMPT }],
      max_tokens: 16,
      temperature: 0,
      stream: true,
    });
    let text = '';
    let usage: unknown = null;
    for await (const chunk of stream) {
      text += chunk.choices[0]?.delta.content ?? '';
      usage ??= chunk.usage ?? null;
    }
    return { text, usage };
  },
  async 'AI SDK'(url: string, fetch: typeof globalThis.fetch) {
    const provider = createOpenAICompatible({ name: 'local', baseURL: `${url}/v1`, fetch });
    const { textStream, usage } = streamText({
      model: provider(MODEL),
      prompt: PROMPT,
      maxOutputTokens: 16,
      temperature: 0,
      maxRetries: 0,
    });
    let text = '';
    for await (const piece of textStream) text += piece;
    return { text, usage: (await usage).inputTokens ?? null };
  },
  async LangChain(url: string, fetch: typeof globalThis.fetch) {
    const model = new ChatOpenAI({
      model: MODEL,
      apiKey: 'none',
      configuration: { baseURL: `${url}/v1`, fetch },
      maxTokens: 16,
      temperature: 0,
      streamUsage: false,
      maxRetries: 0,
    });
    let text = '';
    let usage: unknown = null;
    for await (const chunk of await model.stream([new HumanMessage(PROMPT)])) {
      text += chunk.text;
      usage ??= chunk.usage_metadata ?? null;
    }
    return { text, usage };
  },
};
const names = Object.keys(sdks) as (keyof typeof sdks)[];

describe.each([
  ['llama.cpp-b11549', 'server', []],
  ['llama-cpp-python-0.3.36', 'unknown', ['usage-present']],
] as const)('a recording of %s', (folder, source, problems) => {
  let server: ReplayServer;
  beforeAll(async () => {
    server = await startReplay(readRecording(new URL(folder, FIXTURES).pathname), {
      timing: 'none',
    });
  });
  afterAll(() => server.close());

  it.each(names)('%s asks, and sees what it would see alone', async (name) => {
    const alone = await sdks[name](server.url, globalThis.fetch);
    const { fetch, reports } = watching({ ask: true });
    expect(await sdks[name](server.url, fetch)).toEqual(alone);
    expect(alone.text.length).toBeGreaterThan(10);
    await expect
      .poll(() => reports)
      .toMatchObject([{ source, problems, end: 'complete', finish: ['length'] }]);
  });
});
