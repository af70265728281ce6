/** The SDKs that people use, with `lastchunk/client` in them, against recordings of real servers and against broken ones. */
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { watchUsage } from '../../src/client/index.ts';
import { readRecording } from '../../src/recordings/recording.ts';
import { type ReplayServer, startReplay } from '../../src/recordings/server.ts';
import type { Habits } from '../servers/habits.ts';
import { type RunningServer, startServer } from '../servers/model-server.ts';
import { names, sdks, watching } from './sdks.ts';

const FIXTURES = new URL('../../fixtures/recordings/', import.meta.url);
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

describe('a stream of the OpenAI SDK', () => {
  let server: RunningServer;
  beforeAll(async () => {
    server = await startServer();
  });
  afterAll(() => server.close());

  const request: OpenAI.ChatCompletionCreateParamsStreaming = {
    model: 'toy',
    messages: [{ role: 'user', content: 'Write a long list of things.' }],
    max_tokens: 16,
    temperature: 0,
    stream: true,
    stream_options: { include_usage: true },
  };
  const opened = async () => {
    const client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'none', maxRetries: 0 });
    return watchUsage(await client.chat.completions.create(request), { request });
  };
  const complete = { source: 'server', problems: [], end: 'complete', finish: ['length'] };

  it('is watched as it is iterated', async () => {
    const { stream, report } = await opened();
    let usage: unknown;
    for await (const chunk of stream) usage = chunk.usage;
    expect(await report).toMatchObject({ ...complete, usage });
  });

  it('by .tee()', async () => {
    const { stream, report } = await opened();
    const [left, right] = stream.tee();
    for await (const _ of left);
    for await (const _ of right);
    expect(await report).toMatchObject(complete);
  });

  it('by .toReadableStream()', async () => {
    const { stream, report } = await opened();
    await new Response(stream.toReadableStream() as ReadableStream<Uint8Array<ArrayBuffer>>).text();
    expect(await report).toMatchObject(complete);
  });

  it('is left by .controller', async () => {
    const { stream, report } = await opened();
    for await (const _ of stream) stream.controller.abort();
    expect(await report).toMatchObject({ usage: null, end: 'left' });
  });

  it('throws what it threw, and the report says that the server erred', async () => {
    const broken = await startServer({
      mapWire: (wire) => wire.replace('data: [DONE]', 'data: {"error":{"message":"no more"}}'),
    });
    const client = new OpenAI({ baseURL: `${broken.url}/v1`, apiKey: 'none', maxRetries: 0 });
    const { stream, report } = watchUsage(await client.chat.completions.create(request), { request });
    const read = async () => {
      for await (const _ of stream);
    };
    await expect(read()).rejects.toThrow('no more');
    expect((await report).end).toBe('error');
    await broken.close();
  });
});

describe.each([
  ['no usage', { mapUsage: () => undefined }, ['usage-present']],
  [
    'zeros',
    { mapUsage: () => ({ prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 }) },
    ['usage-nonzero'],
  ],
] satisfies Array<[string, Habits, string[]]>)('a server with %s', (_, habits, problems) => {
  it.each(names)('%s reads on, and the report is null', async (name) => {
    const server = await startServer(habits);
    const { fetch, reports } = watching({ ask: true });
    await sdks[name](server.url, fetch, 'toy');
    await expect
      .poll(() => reports)
      .toMatchObject([{ usage: null, source: 'unknown', exact: false, problems, end: 'complete' }]);
    await server.close();
  });
});
