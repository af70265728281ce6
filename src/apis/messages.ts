import type { Api, Ask, ChoicePart, Chunk, StreamReader } from '../model/api.ts';
import type { Envelope } from '../model/exchange.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import {
  dropped,
  firstOf,
  limitBy,
  objectOr,
  readError,
  text,
  usageField,
  WEATHER,
  without,
} from './fields.ts';
import { Merged, overwritten, readUsage, usagePlaces } from './messages-usage.ts';

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
    messages: [
      ...turns.map((turn) => ({ role: turn.by, content: turn.text })),
      { role: 'user', content: prompt },
    ],
  };
}

const NOTHING: ChoicePart = {
  index: 0,
  text: '',
  reasoning: '',
  toolCalls: '',
  finish: null,
  tokenIds: null,
};

/** A block of content as it begins or stands in a whole answer. */
function blockPart(block: JsonObject): ChoicePart {
  const input = isJsonObject(block.input) && Object.keys(block.input).length > 0 ? block.input : null;
  return {
    ...NOTHING,
    text: text(block.text),
    reasoning: text(block.thinking),
    toolCalls:
      block.type === 'tool_use' ? text(block.name) + (input === null ? '' : JSON.stringify(input)) : '',
  };
}

/** What a delta adds to its block; signatures and citations add nothing that was generated. */
function deltaPart(delta: JsonObject): ChoicePart {
  return {
    ...NOTHING,
    text: text(delta.text),
    reasoning: text(delta.thinking),
    toolCalls: text(delta.partial_json),
  };
}

const envelopeOf = (message: JsonObject): Envelope => ({
  id: message.id,
  type: message.type,
  role: message.role,
  model: message.model,
});

class MessageReader implements StreamReader {
  #start: JsonObject = {};
  #last: JsonObject | null = null;
  #envelope: Envelope = { id: undefined };
  #finish: unknown = null;
  #untyped: boolean | null = null;

  read(value: JsonObject): Chunk {
    const { type } = value;
    this.#untyped ??= typeof type !== 'string';
    const said = { usage: { kind: 'absent' }, choices: 'absent', error: null, ends: false } as const;
    switch (type) {
      case 'message_start': {
        const message = objectOr(value.message);
        this.#envelope = envelopeOf(message);
        return { ...said, ...this.#usage(message, 'start'), choices: [NOTHING], envelope: this.#envelope };
      }
      case 'content_block_start':
        return { ...said, choices: [blockPart(objectOr(value.content_block))], envelope: this.#envelope };
      case 'content_block_delta':
        return { ...said, choices: [deltaPart(objectOr(value.delta))], envelope: this.#envelope };
      case 'message_delta': {
        const finish = objectOr(value.delta).stop_reason ?? null;
        const usage = this.#usage(value, 'last');
        // It may come several times, as long as it stays the same.
        if (finish === null || finish === this.#finish)
          return { ...said, ...usage, envelope: this.#envelope };
        this.#finish = finish;
        return { ...said, ...usage, choices: [{ ...NOTHING, finish }], envelope: this.#envelope };
      }
      case 'message_stop':
        return { ...said, ends: true, envelope: this.#envelope };
      case 'ping':
        return { ...said, idle: true, envelope: this.#envelope };
      default:
        return { ...said, error: readError(value), envelope: this.#envelope };
    }
  }

  foreign(): string | null {
    return this.#untyped === true ? 'the first event has no type' : null;
  }

  #usage(holder: JsonObject, where: 'start' | 'last'): Pick<Chunk, 'usage'> {
    const field = usageField(holder);
    if (field.kind !== 'value') return { usage: field };
    const usage = objectOr(field.value);
    if (where === 'start') this.#start = usage;
    else this.#last = overwritten(this.#last ?? {}, usage);
    return { usage: { kind: 'value', value: new Merged(this.#start, this.#last) } };
  }
}

const SENDING: readonly string[] = ['stream'];
const HIDING: readonly string[] = ['tools', 'system', 'thinking'];

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
  usageOptions: [],
  features: new Set(['stop', 'tools', 'tool-choice', 'conversation', 'count']),
  rules: new Set(),
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
  substitutes: [dropped('temperature')],
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
  readRequest(body) {
    const { messages: sent } = body;
    const chat = Array.isArray(sent) && sent.every(isJsonObject) ? sent : null;
    const hiddenBy = firstOf(body, HIDING);
    return {
      limit: limitBy(body, 'max_tokens'),
      prompt: chat && { kind: 'chat', messages: chat, body: without(body, ...SENDING), hiddenBy },
      answers: 1,
      stream: body.stream === true,
      stops: body.stop_sequences !== undefined,
      greedy: body.temperature === 0,
    };
  },
  unstreamed: (body) => without(body, ...SENDING),
  wantsWhole: (body) => ({ ...body, stream: false }),
  openStream: () => new MessageReader(),
  readWhole(value) {
    const message = objectOr(value);
    const { content } = message;
    const finish = message.stop_reason ?? null;
    return {
      usage: usageField(message),
      choices: Array.isArray(content)
        ? [...content.map((block) => blockPart(objectOr(block))), { ...NOTHING, finish }]
        : 'absent',
      envelope: envelopeOf(message),
      fingerprint: null,
    };
  },
  readUsage,
  usagePlaces,
};
