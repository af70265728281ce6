import type { Api, Ask, CountedPrompt } from '../model/api.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { ANY_TOOL, dropped, limitBy, objectOr, stopsIn, text, turnsOf, WEATHER, without } from './fields.ts';
import { MessageReader, readWhole } from './messages-answer.ts';
import { readUsage, usagePlaces } from './messages-usage.ts';

const { parameters, ...named } = WEATHER;
const WEATHER_TOOL: JsonObject = { ...named, input_schema: parameters };

function tools(kind: Ask['tools']): JsonObject {
  if (kind === undefined) return {};
  const choice = kind === 'called' ? { type: 'tool', name: WEATHER.name } : { type: 'none' };
  return { tools: [WEATHER_TOOL], tool_choice: choice };
}

/** What the system says stands beside the messages. */
function messagesOf({ prompt, earlier = [] }: Ask): JsonObject {
  const system = earlier.filter(({ by }) => by === 'system').map((turn) => turn.text);
  const turns = earlier.filter(({ by }) => by !== 'system');
  return {
    ...(system.length === 0 ? {} : { system: system.join('\n') }),
    messages: turnsOf(turns, prompt),
  };
}

const SENDING: readonly string[] = ['stream'];
const HIDING: readonly string[] = ['tools', 'system', 'thinking'];

/** Only what is a plain conversation: what else adds to the prompt is not counted. */
function promptOf({
  messages: sent,
  system,
  tools: offered,
  thinking,
  model,
}: JsonObject): CountedPrompt | null {
  if (!Array.isArray(sent) || !sent.every(isJsonObject)) return null;
  if (offered !== undefined || thinking !== undefined) return null;
  if (system !== undefined && typeof system !== 'string') return null;
  const messages = system === undefined ? sent : [{ role: 'system', content: system }, ...sent];
  return { kind: 'chat', messages, body: { model, messages }, hiddenBy: null, translated: true };
}

/** Anthropic Messages: https://docs.anthropic.com/en/api/messages and /messages-streaming */
export const messages: Api = {
  id: 'messages',
  title: 'messages',
  endpoint: {
    path: '/messages',
    under: 'version',
    headers: { 'anthropic-version': '2023-06-01' },
    keyHeader: 'x-api-key',
  },
  catalogue: 2,
  discovered: true,
  countEndpoint: {
    path: '/messages/count_tokens',
    under: 'version',
    body: (request) => without(request, 'max_tokens', 'temperature', 'stream'),
    read: (answer) => objectOr(answer).input_tokens,
  },
  framing: 'sse',
  endMarker: null,
  strayMarker: '[DONE]',
  endCarriesUsage: false,
  startCarriesUsage: true,
  usageOptions: [],
  features: new Set(['stop', 'tools', 'tool-choice', 'conversation', 'count']),
  rules: new Set(['stream-start', 'event-names', 'usage-last', 'usage-consistent']),
  watches: new Set(['stream-start', 'event-names', 'usage-last', 'usage-consistent']),
  rendersAs: 'chat',
  envelope: [
    { name: 'id', holds: 'a string' },
    { name: 'type', holds: { value: 'message' } },
    { name: 'role', holds: { value: 'assistant' } },
    { name: 'model', holds: 'a string' },
  ],
  terms: {
    whole: 'content',
    end: 'message_stop',
    finish: 'stop_reason',
    telling: ['message', 'delta', 'stop_reason', 'usage', 'error'],
    finishes: new Map([
      ['max_tokens', 'limit'],
      ['end_turn', 'stop'],
      ['stop_sequence', 'stop'],
      ['pause_turn', 'stop'],
      ['tool_use', 'tool'],
      ['refusal', 'filter'],
      ['model_context_window_exceeded', 'context'],
    ]),
    limitFinish: 'max_tokens',
    stopped: { finish: 'stop_sequence', field: 'stop_sequence', required: true },
    counts: 'input and output counts in message_start, output in message_delta',
    total: null,
    askUsage: null,
    asks: {},
  },
  vocabulary:
    'message_start message content_block_start content_block_delta content_block_stop message_delta message_stop ping ' +
    'type role assistant model index delta text_delta input_json_delta thinking_delta tool_use stop_reason stop_sequence ' +
    'end_turn max_tokens usage input_tokens output_tokens cache_creation_input_tokens cache_read_input_tokens',
  fields: {
    prompt: ['messages', 'system', 'tools'],
    sending: SENDING,
    generating: ['max_tokens', 'temperature', 'stop_sequences'],
    hiding: HIDING,
    cases: ['messages', 'system', 'stream', 'max_tokens'],
  },
  substitutes: [dropped('temperature'), ANY_TOOL],
  traits: [
    (body) => Array.isArray(body.tools),
    (body) => objectOr(body.tool_choice).type,
    (body) => body.stop_sequences !== undefined,
  ],
  usageInChunk: {
    find(chunk) {
      const { usage } = chunk.type === 'message_start' ? objectOr(chunk.message) : chunk;
      return isJsonObject(usage) ? usage : null;
    },
    replace(chunk, usage) {
      const put = (holder: JsonObject) =>
        usage === undefined ? without(holder, 'usage') : { ...holder, usage };
      return chunk.type === 'message_start'
        ? { ...chunk, message: put(objectOr(chunk.message)) }
        : put(chunk);
    },
    alone(chunk) {
      const { usage } = chunk.type === 'message_start' ? objectOr(chunk.message) : chunk;
      return { type: 'message_delta', delta: {}, usage };
    },
    nameOf: ({ type }) => text(type),
    isAlone: ({ type, delta }) => type === 'message_delta' && !objectOr(delta).stop_reason,
    ends: ({ type }) => type === 'message_stop',
    counts: { prompt: 'input_tokens', completion: 'output_tokens', total: null },
  },
  encode: (ask, mode, _option, _seed) => ({
    ...messagesOf(ask),
    max_tokens: ask.limit,
    temperature: ask.temperature ?? 0,
    ...(ask.stop === undefined ? {} : { stop_sequences: ask.stop }),
    ...(mode === 'stream' ? { stream: true } : {}),
    ...tools(ask.tools),
  }),
  readRequest: (body) => ({
    limit: limitBy(body, 'max_tokens'),
    prompt: promptOf(body),
    answers: 1,
    stream: body.stream === true,
    stopStrings: stopsIn(body.stop_sequences),
    greedy: body.temperature === 0,
  }),
  unstreamed: (body) => without(body, ...SENDING),
  wantsWhole: (body) => ({ ...body, stream: false }),
  openStream: () => new MessageReader(),
  readWhole,
  readUsage,
  usagePlaces,
};
