import type { Api, Ask, ChoicePart, Chunk, StreamReader } from '../model/api.ts';
import type { Breach } from '../model/breach.ts';
import type { Envelope } from '../model/exchange.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import {
  ANY_TOOL,
  dropped,
  firstOf,
  limitBy,
  objectOr,
  readError,
  stopsIn,
  text,
  usageField,
  WEATHER,
  without,
} from './fields.ts';
import { readUsage, UsageReader } from './messages-usage.ts';
import { EventWatch } from './typed-events.ts';

const { parameters, ...named } = WEATHER;
const WEATHER_TOOL: JsonObject = { ...named, input_schema: parameters };

function tools(kind: Ask['tools']): JsonObject {
  if (kind === undefined) return {};
  const choice = kind === 'called' ? { type: 'tool', name: WEATHER.name } : { type: 'none' };
  return { tools: [WEATHER_TOOL], tool_choice: choice };
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

const stopSequence = ({ stop_sequence: sequence }: JsonObject) =>
  typeof sequence === 'string' ? { stoppedBy: sequence } : {};

/** What may come once the stop reason has. */
const CLOSING: readonly unknown[] = ['ping', 'message_delta', 'message_stop'];

class MessageReader implements StreamReader {
  readonly #watch = new EventWatch('message_start', { named: true, numbered: false, idle: 'ping' });
  readonly #usage = new UsageReader();
  #envelope: Envelope | null = null;
  #finish: string | null = null;

  read(value: JsonObject, event: string | undefined): Chunk {
    const breaches = [...this.#watch.event(value, event), ...this.#afterFinish(value)];
    const chunk = this.#chunk(value);
    return { ...chunk, envelope: this.#envelope, breaches: [...breaches, ...(chunk.breaches ?? [])] };
  }

  ended(): readonly Breach[] {
    return [...this.#watch.ended(), ...this.#usage.ended()];
  }

  foreign(): string | null {
    return this.#watch.foreign;
  }

  #chunk(value: JsonObject): Omit<Chunk, 'envelope'> {
    const said = { usage: { kind: 'absent' }, choices: 'absent', error: null, ends: false } as const;
    switch (value.type) {
      case 'message_start': {
        const message = objectOr(value.message);
        this.#envelope ??= envelopeOf(message);
        const field = usageField(message);
        const choices = [NOTHING];
        if (field.kind !== 'value') return { ...said, usage: field, choices };
        return {
          ...said,
          usage: { kind: 'value', value: this.#usage.opening(objectOr(field.value)) },
          choices,
        };
      }
      case 'content_block_start':
        return { ...said, choices: [blockPart(objectOr(value.content_block))] };
      case 'content_block_delta':
        return { ...said, choices: [deltaPart(objectOr(value.delta))] };
      case 'message_delta':
        return { ...said, ...this.#laterUsage(value), ...this.#stopReason(objectOr(value.delta)) };
      case 'message_stop':
        return { ...said, ends: true };
      case 'ping':
        return { ...said, idle: true };
      default:
        return { ...said, error: readError(value) };
    }
  }

  #laterUsage(value: JsonObject): Pick<Chunk, 'usage' | 'breaches'> {
    const field = usageField(value);
    if (field.kind !== 'value') return { usage: field };
    const { usage, breaches } = this.#usage.later(objectOr(field.value));
    return { usage: { kind: 'value', value: usage }, breaches };
  }

  /** It may come several times, as long as it stays the same. */
  #stopReason(delta: JsonObject): Partial<Pick<Chunk, 'choices'>> {
    const { stop_reason: finish } = delta;
    if (typeof finish !== 'string' || finish === this.#finish) return {};
    this.#finish = finish;
    return { choices: [{ ...NOTHING, finish, ...stopSequence(delta) }] };
  }

  #afterFinish({ type }: JsonObject): readonly Breach[] {
    if (this.#finish === null || CLOSING.includes(type)) return [];
    const expected = 'nothing but message_delta, message_stop and ping after the first stop_reason';
    return [{ rule: 'usage-last', class: 'followed', expected, detail: `${text(type)} came after it` }];
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
  framing: 'sse',
  endMarker: null,
  strayMarker: '[DONE]',
  endCarriesUsage: false,
  startCarriesUsage: true,
  usageOptions: [],
  features: new Set(['stop', 'tools', 'tool-choice']),
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
    cases: ['messages', 'stream', 'max_tokens'],
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
    messages: [{ role: 'user', content: ask.prompt }],
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
      stops: stopsIn(body.stop_sequences),
      greedy: body.temperature === 0,
    };
  },
  unstreamed: (body) => without(body, ...SENDING),
  openStream: () => new MessageReader(),
  readWhole(value) {
    const message = objectOr(value);
    const { content } = message;
    const { stop_reason: reason } = message;
    const finish = typeof reason === 'string' ? reason : null;
    return {
      usage: usageField(message),
      choices: Array.isArray(content)
        ? [
            ...content.map((block) => blockPart(objectOr(block))),
            { ...NOTHING, finish, ...stopSequence(message) },
          ]
        : 'absent',
      envelope: envelopeOf(message),
      fingerprint: null,
    };
  },
  readUsage,
};
