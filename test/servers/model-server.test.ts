/** The simulated server without faults follows the API: otherwise the battery proves nothing. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type RunningServer, startServer } from './model-server.ts';
import type { Json } from './request.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.close());

const CHAT = { messages: [{ role: 'user', content: 'Write a long list of things.' }] };
const LEGACY = { prompt: 'A long list of things:' };
const tools = [
  {
    type: 'function',
    function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
  },
];

async function post(path: string, body: Json): Promise<Response> {
  const base = { model: 'toy', temperature: 0, max_tokens: 16 };
  return fetch(`${server.url}/v1/${path}`, { method: 'POST', body: JSON.stringify({ ...base, ...body }) });
}

interface Chunk {
  id: string;
  object: string;
  choices: { index: number; text?: string; delta?: Json; finish_reason: string | null }[];
  usage?: { prompt_tokens: number; completion_tokens: number; total_tokens: number } | null;
}

async function streamed(path: string, body: Json): Promise<Chunk[]> {
  const response = await post(path, { stream: true, ...body });
  expect(response.headers.get('content-type')).toContain('text/event-stream');
  const events = (await response.text()).split('\n\n');
  expect(events.at(-1)).toBe('');
  expect(events.at(-2)).toBe('data: [DONE]');
  return events.slice(0, -2).map((event) => JSON.parse(event.slice('data: '.length)) as Chunk);
}

async function answered(path: string, body: Json): Promise<Chunk> {
  const response = await post(path, body);
  expect(response.status).toBe(200);
  return (await response.json()) as Chunk;
}

const ASKED = { stream_options: { include_usage: true } };

describe.each([
  ['chat/completions', CHAT],
  ['completions', LEGACY],
])('%s', (path, prompt) => {
  test('usage comes once, last, with empty choices, and null before', async () => {
    const chunks = await streamed(path, { ...prompt, ...ASKED });
    const trailer = chunks.at(-1);
    expect(trailer?.choices).toEqual([]);
    expect(trailer?.usage?.completion_tokens).toBe(16);
    expect(trailer?.usage?.total_tokens).toBe((trailer?.usage?.prompt_tokens ?? 0) + 16);
    expect(chunks.slice(0, -1).every((chunk) => chunk.usage === null)).toBe(true);
    expect(new Set(chunks.map((chunk) => chunk.id)).size).toBe(1);
    expect(chunks.flatMap((chunk) => chunk.choices.flatMap((c) => c.finish_reason ?? []))).toEqual([
      'length',
    ]);
  });

  test.each([
    {},
    { stream_options: null },
    { stream_options: {} },
    { stream_options: { include_usage: false } },
  ])('no usage for %j', async (options) => {
    const chunks = await streamed(path, { ...prompt, ...options });
    expect(chunks.some((chunk) => 'usage' in chunk)).toBe(false);
  });

  test('both modes agree', async () => {
    const whole = await answered(path, prompt);
    const chunks = await streamed(path, { ...prompt, ...ASKED });
    expect(chunks.at(-1)?.usage).toEqual(whole.usage);
  });

  test('n choices are counted together, the prompt once', async () => {
    const one = await answered(path, { ...prompt, temperature: 1, max_tokens: 8 });
    const two = await answered(path, { ...prompt, temperature: 1, max_tokens: 8, n: 2 });
    const chunks = await streamed(path, { ...prompt, ...ASKED, temperature: 1, max_tokens: 8, n: 2 });
    expect(two.choices.map((choice) => choice.index)).toEqual([0, 1]);
    expect(two.usage).toMatchObject({ prompt_tokens: one.usage?.prompt_tokens, completion_tokens: 16 });
    expect(chunks.at(-1)?.usage).toEqual(two.usage);
    expect(new Set(chunks.flatMap((chunk) => chunk.choices.map((choice) => choice.index)))).toEqual(
      new Set([0, 1]),
    );
  });

  test('bad requests are refused with a reason', async () => {
    for (const bad of [{ model: 'other' }, { stream_options: { include_usage: true } }, { max_tokens: -1 }]) {
      const response = await post(path, { ...prompt, ...bad });
      expect(response.status).toBeGreaterThanOrEqual(400);
      expect(response.status).toBeLessThan(500);
      expect(((await response.json()) as { error: { message: string } }).error.message).toBeTruthy();
    }
    const malformed = await fetch(`${server.url}/v1/${path}`, { method: 'POST', body: '{"model": ' });
    expect(malformed.status).toBe(400);
  });

  test('a prompt over the context is refused, and the next is served', async () => {
    const long = 'word '.repeat(4000);
    const response = await post(path, { prompt: long, messages: [{ role: 'user', content: long }] });
    expect(response.status).toBe(400);
    expect(await response.text()).toContain('context_length_exceeded');
    await answered(path, prompt);
  });

  test('a client that leaves is noticed', async () => {
    const left = new AbortController();
    const body = { model: 'toy', stream: true, max_tokens: 256, ...prompt };
    const request = { method: 'POST', body: JSON.stringify(body), signal: left.signal };
    const response = await fetch(`${server.url}/v1/${path}`, request);
    const aborted = server.state.aborted;
    await response.body?.getReader().read();
    left.abort();
    await expect.poll(() => server.state.aborted).toBe(aborted + 1);
  });
});

const textOf = (chunks: Chunk[]) =>
  chunks.flatMap((c) => c.choices.map((choice) => choice.delta?.content ?? '')).join('');

test('a question with a short answer ends by itself', async () => {
  const messages = [{ role: 'user', content: 'What is the capital of France?' }];
  const whole = await answered('chat/completions', { messages, max_tokens: 256 });
  expect(whole.choices[0]?.finish_reason).toBe('stop');
  expect(whole.usage?.completion_tokens).toBeLessThan(12);
});

test('a stop string ends the answer before it', async () => {
  const text = textOf(await streamed('chat/completions', CHAT));
  const stop = text.slice(12, 18);
  const stopped = await streamed('chat/completions', { ...CHAT, ...ASKED, stop: [stop] });
  expect(textOf(stopped)).toBe(text.slice(0, text.indexOf(stop)));
  expect(stopped.at(-1)?.usage?.completion_tokens).toBeLessThan(16);
});

test('a named tool is called, "none" is not', async () => {
  const named = { tools, tool_choice: { type: 'function', function: { name: 'weather' } }, max_tokens: 64 };
  const called = await streamed('chat/completions', { ...CHAT, ...named, ...ASKED });
  expect(JSON.stringify(called)).toContain('tool_calls');
  expect(called.at(-1)?.usage).toEqual((await answered('chat/completions', { ...CHAT, ...named })).usage);
  const offered = await streamed('chat/completions', { ...CHAT, tools, tool_choice: 'none' });
  expect(textOf(offered).length).toBeGreaterThan(10);
});

test('JSON mode sends JSON', async () => {
  const body = { ...CHAT, response_format: { type: 'json_object' }, max_tokens: 64 };
  const text = textOf(await streamed('chat/completions', body));
  expect(JSON.parse(text)).toHaveProperty('name');
});

test('lists of prompts and token ids', async () => {
  const [one, two] = ['First of all', 'Then another of these'];
  const counts = await Promise.all(
    [one, two].map((prompt) => answered('completions', { prompt, max_tokens: 8 })),
  );
  const both = await answered('completions', { prompt: [one, two], max_tokens: 8 });
  const sum = counts.reduce((total, body) => total + (body.usage?.prompt_tokens ?? 0), 0);
  expect(both.usage).toMatchObject({ prompt_tokens: sum, completion_tokens: 16 });
  expect(both.choices).toHaveLength(2);
  const ids = await answered('completions', { prompt: [5, 6, 7], max_tokens: 8 });
  expect(ids.usage?.prompt_tokens).toBe(3);
});
