import type { Api, Ask, CountedPrompt } from '../model/api.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { ANY_TOOL, dropped, firstOf, limitBy, objectOr, text, turnsOf, WEATHER, without } from './fields.ts';
import {
  COUNTS,
  ENDS,
  LIMIT,
  ResponseReader,
  readUsage,
  readWhole,
  usagePlaces,
} from './responses-answer.ts';

/** A limit under 16 is refused by OpenAI, and raised in silence by gateways. */
const limitFor = (limit: number) => (limit <= 8 ? 16 : limit <= 16 ? 24 : limit);

function tools(kind: Ask['tools']): JsonObject {
  if (kind === undefined) return {};
  const choice = kind === 'called' ? { type: 'function', name: WEATHER.name } : 'none';
  return { tools: [{ type: 'function', ...WEATHER }], tool_choice: choice };
}

function inputOf({ prompt, earlier }: Ask): unknown {
  return earlier === undefined ? prompt : turnsOf(earlier, prompt);
}

/** Only what is a plain conversation: what else adds to the prompt is not counted. */
function promptOf(body: JsonObject): CountedPrompt | null {
  if (firstOf(body, HIDING) !== null) return null;
  const { input } = body;
  const messages = typeof input === 'string' ? [{ role: 'user', content: input }] : input;
  if (!Array.isArray(messages) || !messages.every(isJsonObject)) return null;
  return { kind: 'chat', messages, body: { model: body.model, messages }, hiddenBy: null, translated: true };
}

const HIDING: readonly string[] = [
  ...['tools', 'instructions', 'reasoning', 'text'],
  ...['previous_response_id', 'conversation'],
];
const SENDING: readonly string[] = ['stream', 'stream_options'];

/** The response that an event holds, where it is one that may carry usage. */
const held = ({ response }: JsonObject) => (isJsonObject(response) ? response : null);

/** OpenAI Responses: https://platform.openai.com/docs/api-reference/responses and /responses-streaming */
export const responses: Api = {
  id: 'responses',
  title: 'responses',
  endpoint: { path: '/responses', under: 'version' },
  catalogue: 2,
  discovered: true,
  countEndpoint: {
    path: '/responses/input_tokens',
    under: 'version',
    body: (request) => without(request, 'max_output_tokens', 'temperature', ...SENDING),
    read: (answer) => objectOr(answer).input_tokens,
  },
  framing: 'sse',
  endMarker: null,
  strayMarker: '[DONE]',
  endCarriesUsage: true,
  usageOptions: [],
  features: new Set(['tools', 'tool-choice', 'json', 'conversation', 'count']),
  rules: new Set([
    ...(['usage-once', 'usage-chunk-id', 'stream-start', 'event-names'] as const),
    ...(['terminal-status', 'sequence-numbers', 'usage-details'] as const),
  ]),
  watches: new Set(['stream-start', 'event-names', 'terminal-status', 'sequence-numbers', 'usage-details']),
  rendersAs: 'chat',
  envelope: [
    { name: 'id', holds: 'a string' },
    { name: 'object', holds: { value: 'response' } },
    { name: 'created_at', holds: 'a number' },
    { name: 'model', holds: 'a string' },
  ],
  terms: {
    whole: 'output and status',
    end: 'response.completed, response.incomplete or response.failed',
    finish: 'status',
    telling: ['response', 'status', 'incomplete_details', 'usage', 'error'],
    finishes: new Map([
      [LIMIT, 'limit'],
      ['incomplete (content_filter)', 'filter'],
      ['completed', 'stop'],
    ]),
    limitFinish: LIMIT,
    counts: 'input, output and total counts',
    total: COUNTS.total,
    askUsage: null,
    asks: { json: 'text.format json_object' },
  },
  vocabulary:
    'response.created response.in_progress response.completed response.incomplete response.failed response.output_text.delta ' +
    'response.output_text.done response.output_item.added response.output_item.done response.content_part.added ' +
    'response.content_part.done type sequence_number item_id output_index content_index delta text response id object ' +
    'created_at model status in_progress completed incomplete incomplete_details reason max_output_tokens output message ' +
    'role assistant content output_text annotations logprobs function_call name arguments usage input_tokens output_tokens ' +
    'total_tokens input_tokens_details cached_tokens output_tokens_details reasoning_tokens',
  fields: {
    prompt: ['input', 'instructions', 'tools'],
    sending: SENDING,
    generating: ['max_output_tokens', 'temperature', 'tool_choice', 'text'],
    hiding: HIDING,
    cases: ['input', 'stream', 'max_output_tokens'],
  },
  substitutes: [dropped('temperature'), ANY_TOOL],
  traits: [
    (body) => Array.isArray(body.tools),
    (body) => isJsonObject(body.tool_choice),
    (body) => body.tool_choice === 'none',
    (body) => isJsonObject(body.text),
  ],
  usageInChunk: {
    find(chunk) {
      const usage = held(chunk)?.usage;
      return isJsonObject(usage) ? usage : null;
    },
    replace(chunk, usage) {
      const response = held(chunk);
      if (response === null) return chunk;
      const changed = usage === undefined ? without(response, 'usage') : { ...response, usage };
      return { ...chunk, response: changed };
    },
    alone: (chunk) => ({ type: 'response.in_progress', response: { usage: held(chunk)?.usage } }),
    nameOf: ({ type }) => text(type),
    isAlone: ({ type }) => type === 'response.in_progress',
    ends: ({ type }) => ENDS.includes(type),
    counts: COUNTS,
  },
  encode: (ask, mode, _option, _seed) => ({
    input: inputOf(ask),
    max_output_tokens: limitFor(ask.limit),
    temperature: ask.temperature ?? 0,
    ...(mode === 'stream' ? { stream: true } : {}),
    ...tools(ask.tools),
    ...(ask.json ? { text: { format: { type: 'json_object' } } } : {}),
  }),
  readRequest: (body) => ({
    limit: limitBy(body, 'max_output_tokens'),
    prompt: promptOf(body),
    answers: 1,
    stream: body.stream === true,
    stopStrings: [],
    greedy: body.temperature === 0,
  }),
  unstreamed: (body) => without(body, ...SENDING),
  wantsWhole: (body) => ({ ...body, stream: false }),
  openStream: () => new ResponseReader(),
  readWhole,
  readUsage,
  usagePlaces,
};
