/** What each product is asked, and what is made of its answer; wires are not needed for that. */
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { chat as chatApi } from '../../src/apis/chat.ts';
import { completions } from '../../src/apis/completions.ts';
import { apiOf } from '../../src/apis/index.ts';
import { messages as messagesApi } from '../../src/apis/messages.ts';
import { responses } from '../../src/apis/responses.ts';
import type { Api, ApiId, CountedPrompt } from '../../src/model/api.ts';
import type { JsonObject } from '../../src/model/json.ts';
import { agrees, says } from '../../src/model/reference.ts';
import { productNamed } from '../../src/products/index.ts';
import { localPrompt } from '../../src/references/local.ts';
import { endpointsOf } from '../../src/references/options.ts';
import { loadTokenizer } from '../../src/tokenizer/index.ts';

const MODEL = fileURLToPath(new URL('../../fixtures/models/stories260K-f32.gguf', import.meta.url));
const messages = [{ role: 'user', content: 'Hello' }];
const chat = promptOf(chatApi, { model: 'm', messages, stream: true });
const tools = [{ type: 'function', function: { name: 'f' } }];
const withTools = promptOf(chatApi, { messages, tools });
const text = promptOf(completions, { prompt: 'Hello' });

function promptOf(api: Api, body: JsonObject): CountedPrompt {
  const { prompt } = api.readRequest(body);
  if (prompt === null) throw new Error('no prompt that can be counted');
  return prompt;
}

/** Answers by path; undefined is a missing endpoint. */
function asking(answers: Record<string, unknown>) {
  const asked: Array<[string, JsonObject]> = [];
  const post = (path: string, body: JsonObject) => {
    asked.push([path, body]);
    return Promise.resolve(answers[path]);
  };
  return { asked, ask: { model: 'm', post } };
}

/** Of several texts, which nobody asked about. */
const NESTED = { count: [5], length: [5], tokens: [[1, 2, 3]], tokenize_response: [[1]] };

const ids = (count: number) => Array.from({ length: count }, (_, at) => at);

it.each<
  [string, CountedPrompt, Record<string, unknown>, Array<[name: string, count: number, authority: string]>]
>([
  [
    'llama.cpp',
    chat,
    {
      '/apply-template': { prompt: 'user: Hello' },
      '/tokenize': { tokens: ids(9) },
      '/v1/chat/completions/input_tokens': { input_tokens: 9 },
    },
    [
      ['/tokenize', 9, 'exact'],
      ['/input_tokens', 9, 'exact'],
    ],
  ],
  [
    'llama.cpp',
    text,
    { '/apply-template': { prompt: 'user: Hello' }, '/tokenize': { tokens: ids(4) } },
    [['/tokenize', 4, 'exact']],
  ],
  ['llama.cpp', text, { '/tokenize': { tokens: ids(4) } }, [['/tokenize', 4, 'template-dependent']]],
  [
    'llama.cpp',
    withTools,
    { '/v1/chat/completions/input_tokens': { input_tokens: 99 } },
    [['/input_tokens', 99, 'template-dependent']],
  ],
  [
    'llama.cpp',
    chat,
    {
      '/apply-template': { prompt: '' },
      '/tokenize': { tokens: ids(1) },
      '/v1/chat/completions/input_tokens': { input_tokens: 0 },
    },
    [],
  ],
  ['llama.cpp', text, { '/apply-template': { prompt: 'user: Hello' }, '/tokenize': { tokens: [] } }, []],
  ['vLLM', chat, { '/tokenize': { count: 0, tokens: [] } }, []],
  [
    'llama-cpp-python',
    text,
    { '/extras/tokenize/count': { count: 4 } },
    [['/extras/tokenize/count', 4, 'exact']],
  ],
  ['llama-cpp-python', chat, { '/extras/tokenize/count': { count: 4 } }, []],
  ['vLLM', chat, { '/tokenize': { count: 12, tokens: [] } }, [['/tokenize', 12, 'exact']]],
  [
    'SGLang',
    text,
    { '/v1/tokenize': { tokens: ids(3), count: 3 } },
    [['/v1/tokenize', 3, 'template-dependent']],
  ],
  ['tgi', text, { '/tokenize': ids(5) }, [['/tokenize', 5, 'template-dependent']]],
  [
    'tgi',
    chat,
    { '/chat_tokenize': { tokenize_response: ids(6) } },
    [['/chat_tokenize', 6, 'template-dependent']],
  ],
  ['LocalAI', text, { '/v1/tokenize': { tokens: ids(2) } }, [['/v1/tokenize', 2, 'template-dependent']]],
  [
    'LMDeploy',
    text,
    { '/v1/encode': { input_ids: ids(2), length: 2 } },
    [['/v1/encode', 2, 'template-dependent']],
  ],
  ['TabbyAPI', text, { '/v1/token/encode': { length: 8 } }, [['/v1/token/encode', 8, 'template-dependent']]],
  // It would leave out the generation prompt.
  ['TabbyAPI', chat, { '/v1/token/encode': { length: 8 } }, []],
  [
    'text-generation-webui',
    text,
    { '/v1/internal/token-count': { length: 3 } },
    [['/v1/internal/token-count', 3, 'template-dependent']],
  ],
  [
    'litellm',
    chat,
    { '/utils/token_counter': { total_tokens: 13 } },
    [['/utils/token_counter', 13, 'estimate']],
  ],
  [
    'Anthropic',
    chat,
    { '/v1/messages/count_tokens': { input_tokens: 11 } },
    [['/v1/messages/count_tokens', 11, 'template-dependent']],
  ],
])('%s', async (product, prompt, answers, expected) => {
  const found = await endpointsOf(productNamed(product), ['endpoint'])?.count(prompt, asking(answers).ask);
  expect(found?.map(({ name, count, authority }) => [name, count, authority])).toEqual(expected);
});

it.each(['llama.cpp', 'llama-cpp-python', 'vLLM', 'SGLang', 'tgi', 'LocalAI', 'LMDeploy', 'TabbyAPI'])(
  '%s: a missing endpoint, and rubbish, are no error and no reference',
  async (product) => {
    for (const rubbish of [
      undefined,
      null,
      'text',
      7,
      {},
      { tokens: 'many', count: -1, length: 1.5 },
      NESTED,
    ]) {
      const every = new Proxy({}, { get: () => rubbish }) as Record<string, unknown>;
      for (const prompt of [chat, text])
        expect(await endpointsOf(productNamed(product), null)?.count(prompt, asking(every).ask)).toEqual([]);
    }
  },
);

it.each([
  ['TabbyAPI', '/v1/token/encode', { length: 5 }, 'says 4 to 5'],
  ['LocalAI', '/v1/tokenize', { tokens: ids(5) }, 'says 5 to 6'],
] as const)(
  '%s: its endpoint treats BOS otherwise than a completion does',
  async (product, path, answer, range) => {
    const found = await endpointsOf(productNamed(product), null)?.count(text, asking({ [path]: answer }).ask);
    expect(found?.map(says)).toEqual([`${path} ${range}`]);
  },
);

it('the whole request is shown to llama.cpp, streaming left out', async () => {
  const { asked, ask } = asking({});
  await endpointsOf(productNamed('llama.cpp'), null)?.count(chat, ask);
  expect(asked.map(([, body]) => body)).toEqual([
    { model: 'm', messages },
    { model: 'm', messages },
  ]);
});

it('gateways are asked on demand only, and unknown products never', () => {
  expect(endpointsOf(productNamed('litellm'), null)).toBeNull();
  expect(endpointsOf(productNamed('portkey'), ['endpoint'])).toBeNull();
  expect(endpointsOf(productNamed('my own'), ['endpoint'])).toBeNull();
  expect(endpointsOf(productNamed(null), ['endpoint'])).toBeNull();
});

it('asks vLLM with what a user laid over the request, and lets the answer fail nobody', async () => {
  const laid = promptOf(chatApi, { messages, add_generation_prompt: false });
  const { asked, ask } = asking({ '/tokenize': { count: 9 } });
  const made = await endpointsOf(productNamed('vllm'), null)?.count(laid, ask);
  expect(asked).toEqual([['/tokenize', { model: 'm', messages, add_generation_prompt: false }]]);
  expect(made).toMatchObject([{ count: 9, authority: 'template-dependent' }]);
  await endpointsOf(productNamed('vllm'), null)?.count(
    promptOf(completions, { prompt: 'Hello', add_special_tokens: false }),
    ask,
  );
  expect(asked[1]).toEqual(['/tokenize', { model: 'm', prompt: 'Hello', add_special_tokens: false }]);
});

it('vLLM may put a beginning of text before what is asked otherwise than by chat', async () => {
  const said = async (prompt: CountedPrompt) => {
    const { ask } = asking({ '/tokenize': { count: 87 } });
    const [reference] = (await endpointsOf(productNamed('vllm'), null)?.count(prompt, ask)) ?? [];
    if (reference === undefined) throw new Error('no reference');
    return [agrees(reference, 86), agrees(reference, 87), agrees(reference, 88), agrees(reference, 89)];
  };
  expect(await said(chat)).toEqual([false, true, false, false]);
  expect(await said(promptOf(responses, { input: 'Hello' }))).toEqual([false, true, true, false]);
  expect(await said(promptOf(messagesApi, { messages }))).toEqual([false, true, true, false]);
});

const TOOLS = [{ name: 'f', input_schema: {} }];

it.each<[ApiId, JsonObject, JsonObject]>([
  ['messages', { messages, max_tokens: 8, stream: true }, { messages }],
  [
    'messages',
    { messages, system: 'Be brief.', max_tokens: 8 },
    { messages: [{ role: 'system', content: 'Be brief.' }, ...messages] },
  ],
  ['responses', { input: 'Hello', max_output_tokens: 16, stream: true }, { messages }],
  ['responses', { input: messages }, { messages }],
])('%s %j is counted as the chat that the server makes of it', async (api, body, expected) => {
  const { asked, ask } = asking({});
  await endpointsOf(productNamed('llama.cpp'), null)?.count(promptOf(apiOf(api), body), ask);
  expect(asked).toEqual([
    ['/apply-template', expected],
    ['/v1/chat/completions/input_tokens', expected],
  ]);
});

it('llama.cpp’s own completion is counted as text, with what is put around it', async () => {
  const prompt = promptOf(apiOf('llamacpp-completion'), { prompt: 'Hello', n_predict: 8, stream: true });
  const { asked, ask } = asking({ '/apply-template': { prompt: 'x' }, '/tokenize': { tokens: ids(4) } });
  const found = await endpointsOf(productNamed('llama.cpp'), null)?.count(prompt, ask);
  expect(asked.at(-1)).toEqual(['/tokenize', { content: 'Hello', add_special: true, parse_special: true }]);
  expect(found).toMatchObject([{ count: 4, authority: 'exact' }]);
});

it.each<[ApiId, JsonObject]>([
  ['messages', { messages, tools: TOOLS }],
  ['messages', { messages, thinking: { type: 'enabled', budget_tokens: 1024 } }],
  ['messages', { messages, system: [{ type: 'text', text: 'Be brief.' }] }],
  ['responses', { input: 'Hello', tools: TOOLS }],
  ['responses', { input: 'Hello', instructions: 'Be brief.' }],
  ['responses', { input: 'Hello', reasoning: { effort: 'low' } }],
  ['responses', { input: 'Hello', previous_response_id: 'resp_1' }],
  ['ollama-chat', { messages }],
  ['ollama-generate', { prompt: 'Hello' }],
  ['llamacpp-completion', { prompt: ['Hello', 'Hi'] }],
])('%s %j: what a server may add to it is not known, so that nothing is compared', (api, body) => {
  expect(apiOf(api).readRequest(body).prompt).toBeNull();
});

it.each<[ApiId, JsonObject]>([
  ['messages', { messages: [{ role: 'user', content: [{ type: 'image', source: {} }] }] }],
  ['responses', { input: [{ type: 'function_call_output', call_id: 'c', output: '1' }] }],
  ['responses', { input: [{ role: 'user', content: [{ type: 'input_image', image_url: '' }] }] }],
])('%s %j is no conversation that a tokenizer on this machine counts', async (api, body) => {
  const { prompt } = apiOf(api).readRequest(body);
  const tokenizer = await loadTokenizer(MODEL);
  const local =
    prompt === null ? null : localPrompt(tokenizer, prompt, { asGgufSays: true, rendered: 'another' });
  expect(local?.authority ?? 'template-dependent').toBe('template-dependent');
});
