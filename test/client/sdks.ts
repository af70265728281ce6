import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { HumanMessage } from '@langchain/core/messages';
import { ChatOpenAI } from '@langchain/openai';
import { streamText } from 'ai';
import OpenAI from 'openai';
import { type UsageReport, type WithUsageOptions, withUsage } from '../../src/client/index.ts';

const PROMPT =
  'Write a long numbered list of one hundred different animals, one on each line, without any introduction.';
const MODEL = 'stories260K-f32.gguf';

/** A fetch that watches, and what it told. */
export function watching(options: WithUsageOptions = {}) {
  const reports: UsageReport[] = [];
  const fetch = withUsage(globalThis.fetch, { ...options, onReport: (report) => reports.push(report) });
  return { fetch, reports };
}

/** One streamed chat by each SDK: the text that it delivers and the usage that it sees itself. */
export const sdks = {
  async openai(url: string, fetch: typeof globalThis.fetch, model = MODEL) {
    const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: 'none', fetch, maxRetries: 0 });
    const stream = await client.chat.completions.create({
      model,
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
  async 'AI SDK'(url: string, fetch: typeof globalThis.fetch, model = MODEL) {
    const provider = createOpenAICompatible({ name: 'local', baseURL: `${url}/v1`, fetch });
    const { textStream, usage } = streamText({
      model: provider(model),
      prompt: PROMPT,
      maxOutputTokens: 16,
      temperature: 0,
      maxRetries: 0,
    });
    let text = '';
    for await (const piece of textStream) text += piece;
    return { text, usage: (await usage).inputTokens ?? null };
  },
  async LangChain(url: string, fetch: typeof globalThis.fetch, model = MODEL) {
    const chat = new ChatOpenAI({
      model,
      apiKey: 'none',
      configuration: { baseURL: `${url}/v1`, fetch },
      maxTokens: 16,
      temperature: 0,
      streamUsage: false,
      maxRetries: 0,
    });
    let text = '';
    let usage: unknown = null;
    for await (const chunk of await chat.stream([new HumanMessage(PROMPT)])) {
      text += chunk.text;
      usage ??= chunk.usage_metadata ?? null;
    }
    return { text, usage };
  },
};
export const names = Object.keys(sdks) as (keyof typeof sdks)[];
