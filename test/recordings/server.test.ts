/** What a client of one's own gets from a replay. */
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, it, onTestFinished } from 'vitest';
import { isJsonObject, parseJson } from '../../src/model/json.ts';
import { type Recording, readRecording } from '../../src/recordings/recording.ts';
import { type ReplayServer, startReplay } from '../../src/recordings/server.ts';
import { targetAt } from '../run/settings.ts';
import { startServer } from '../servers/model-server.ts';
import { ODD } from '../servers/odd.ts';
import { recorded, removeFolders } from './recorded.ts';

afterAll(removeFolders);

const llamaCpp = readRecording(
  fileURLToPath(new URL('../../fixtures/recordings/llama.cpp-b11549', import.meta.url)),
);
let plain: ReplayServer;
beforeAll(async () => {
  plain = await startReplay(llamaCpp, { timing: 'none' });
});
afterAll(() => plain.close());

async function post(
  url: string,
  path: string,
  body: object,
): Promise<{ match: string | null; text: string }> {
  const response = await fetch(`${url}${path}`, { method: 'POST', body: JSON.stringify(body) });
  return { match: response.headers.get('x-lastchunk-replay'), text: await response.text() };
}

const mine = { model: 'gpt-4', messages: [{ role: 'user', content: 'my own prompt' }], stream: true };
const asked = { ...mine, stream_options: { include_usage: true } };

async function faulty(recording: Recording, ...faults: string[]): Promise<string> {
  const server = await startReplay(recording, { timing: 'none', faults });
  onTestFinished(() => server.close());
  return server.url;
}

const usagesIn = (text: string) =>
  text
    .split(/\r\n|\n|\r/)
    .map((line) => parseJson(line.replace(/^data: ?/, '')))
    .flatMap((chunk) => (isJsonObject(chunk) && isJsonObject(chunk.usage) ? [chunk] : []));

it('answers a request of its own as the most similar one, and says so', async () => {
  const streamed = await post(plain.url, '/v1/chat/completions', asked);
  expect(streamed.match).toBe('closest');
  expect(usagesIn(streamed.text)).toMatchObject([{ choices: [] }]);
  expect(usagesIn((await post(plain.url, '/chat/completions', mine)).text)).toEqual([]);
  const whole = await post(plain.url, '/v1/chat/completions', { ...mine, stream: false });
  expect(parseJson(whole.text)).toMatchObject({ object: 'chat.completion' });
  const legacy = await post(plain.url, '/v1/completions', { prompt: 'once', max_tokens: 9 });
  expect(parseJson(legacy.text)).toMatchObject({ object: 'text_completion' });
});

it('says what there is where nothing fits', async () => {
  const { match, text } = await post(plain.url, '/v1/embeddings', { input: 'x' });
  expect(match).toBe('none');
  expect(text).toContain(
    'nothing in this recording answers POST /v1/embeddings; it has GET /v1/models, POST',
  );
});

it('keeps connections open, since a body cut off after connection: close looks whole to the fetch of Node 20', async () => {
  const url = await faulty(llamaCpp, 'cut');
  const response = await fetch(`${url}/v1/chat/completions`, { method: 'POST', body: JSON.stringify(asked) });
  expect(response.headers.get('connection')).toBe('keep-alive');
  await expect(response.text()).rejects.toThrow('terminated');
});

it('takes nothing but usage from a chunk that says more', async () => {
  const legacy = { prompt: 'once', stream: true, stream_options: { include_usage: true } };
  const whole = (await post(plain.url, '/v1/completions', legacy)).text;
  expect(usagesIn(whole)).toMatchObject([{ choices: [{ finish_reason: 'length' }] }]);
  const dropped = (await post(await faulty(llamaCpp, 'drop-usage'), '/v1/completions', legacy)).text;
  expect(usagesIn(dropped)).toEqual([]);
  expect(dropped).toContain('"finish_reason":"length"');
  const twice = (await post(await faulty(llamaCpp, 'duplicate-usage'), '/v1/completions', legacy)).text;
  expect(usagesIn(twice)).toMatchObject([{ choices: [{ finish_reason: 'length' }] }, { choices: [] }]);
  const late = (await post(await faulty(llamaCpp, 'late-usage'), '/v1/completions', legacy)).text;
  expect(late.indexOf('"usage"')).toBeGreaterThan(late.indexOf('[DONE]'));
  expect(late.match(/"finish_reason":"length"/g)).toHaveLength(1);
});

it.each(['CRLF line ends', 'CR line ends', 'gzip', 'no space after data:', '13 bytes a write'])(
  'lays faults over a stream with %s',
  async (name) => {
    const entry = ODD.find((one) => one.name === name);
    const server = await startServer(entry?.habits ?? {});
    const { recording } = await recorded(targetAt(server.url), { confirm: false });
    await server.close();
    const path = '/v1/chat/completions';
    expect(usagesIn((await post(await faulty(recording), path, asked)).text)).toHaveLength(1);
    expect(usagesIn((await post(await faulty(recording, 'drop-usage'), path, asked)).text)).toEqual([]);
    expect(usagesIn((await post(await faulty(recording, 'zero-usage'), path, asked)).text)).toMatchObject([
      { usage: { prompt_tokens: 0, completion_tokens: 0, total_tokens: 0 } },
    ]);
    await expect(post(await faulty(recording, 'cut'), path, asked)).rejects.toThrow('terminated');
  },
);
