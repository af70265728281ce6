import type { Api, ChoicePart, Chunk, StreamReader } from '../model/api.ts';
import type { Envelope, UsageCounts, UsageField } from '../model/exchange.ts';
import type { JsonObject } from '../model/json.ts';
import { limitBy, objectOr, readError, text, WEATHER_FUNCTION, without } from './fields.ts';

function readToolCalls({ tool_calls: calls }: JsonObject): string {
  return (Array.isArray(calls) ? calls : [])
    .map((call) => objectOr(objectOr(call).function))
    .map(({ name, arguments: given }) => text(name) + (given === undefined ? '' : JSON.stringify(given)))
    .join('');
}

function readPart(value: JsonObject): ChoicePart {
  const message = objectOr(value.message);
  return {
    index: 0,
    text: text(message.content),
    reasoning: text(message.thinking),
    toolCalls: 'tool_calls' in message ? readToolCalls(message) : '',
    // An empty one is left out by its own encoder: it says nothing.
    finish: value.done_reason === '' ? null : (value.done_reason ?? null),
    tokenIds: null,
  };
}

const delivers = ({ text: said, reasoning, toolCalls }: ChoicePart) => said + reasoning + toolCalls !== '';

const PROMPT = 'prompt_eval_count';
const COMPLETION = 'eval_count';
const CACHED = 'prompt_eval_cached_count';
const COUNTS: readonly string[] = [PROMPT, COMPLETION, CACHED];

/** The counts of the object that ends an answer. */
class Counted {
  readonly sent: JsonObject;
  /** A count of 0 is left out, so that the completion's may lack where nothing was generated. */
  readonly delivered: boolean;

  constructor(sent: JsonObject, delivered: boolean) {
    this.sent = sent;
    this.delivered = delivered;
  }
}

function usageOf(value: JsonObject, delivered: boolean): UsageField {
  const counted = (value[PROMPT] ?? value[COMPLETION] ?? null) !== null;
  // What is 0 until the end says nothing.
  const tells = value.done === true || Boolean(value[PROMPT]) || Boolean(value[COMPLETION]);
  return counted && tells ? { kind: 'value', value: new Counted(value, delivered) } : { kind: 'absent' };
}

function readUsage(usage: unknown): UsageCounts {
  const { sent, delivered } = usage instanceof Counted ? usage : new Counted(objectOr(usage), true);
  const { [PROMPT]: prompt, [COMPLETION]: completion = delivered ? undefined : 0, [CACHED]: cached } = sent;
  return {
    prompt,
    completion,
    total: undefined,
    cached,
    reasoning: undefined,
    required: [
      [PROMPT, prompt],
      [COMPLETION, completion],
    ],
    details: cached === undefined ? [] : [[CACHED, cached]],
  };
}

const envelopeOf = (value: JsonObject): Envelope => ({
  id: undefined,
  model: value.model,
  created_at: value.created_at,
});

class ChatReader implements StreamReader {
  #delivered = false;

  read(value: JsonObject): Chunk {
    const part = readPart(value);
    const done = value.done === true;
    if (delivers(part)) this.#delivered = true;
    return {
      usage: usageOf(value, this.#delivered),
      choices: done || 'message' in value ? [part] : 'absent',
      envelope: envelopeOf(value),
      error: readError(value),
      ends: done,
    };
  }
}

/** Ollama's own chat: https://docs.ollama.com/api/chat and /api/streaming */
export const ollamaChat: Api = {
  id: 'ollama-chat',
  title: 'Ollama chat',
  endpoint: { path: '/api/chat', under: 'root' },
  catalogue: 2,
  discovered: true,
  framing: 'ndjson',
  endMarker: null,
  strayMarker: null,
  endCarriesUsage: true,
  usageOptions: [],
  features: new Set(['stop', 'tools', 'json', 'penalties', 'conversation']),
  rules: new Set(['usage-once']),
  envelope: [
    { name: 'model', holds: 'a string' },
    { name: 'created_at', holds: 'a string' },
  ],
  terms: {
    whole: 'done',
    end: 'the object with done:true',
    finish: 'done_reason',
    finishes: new Map([
      ['length', 'limit'],
      ['stop', 'stop'],
    ]),
    limitFinish: 'length',
    counts: `${PROMPT} and ${COMPLETION}`,
    total: null,
    askUsage: null,
    asks: { json: 'format json' },
  },
  vocabulary:
    'model created_at message role assistant content thinking tool_calls function arguments done done_reason stop length ' +
    'total_duration load_duration prompt_eval_count prompt_eval_duration eval_count eval_duration',
  fields: {
    prompt: ['messages', 'tools'],
    sending: ['stream'],
    generating: ['options'],
    hiding: ['tools', 'format', 'think'],
    cases: ['messages', 'stream', 'options'],
  },
  substitutes: [],
  traits: [
    (body) => Array.isArray(body.tools),
    (body) => body.format !== undefined,
    (body) => objectOr(body.options).stop !== undefined,
  ],
  usageInChunk: {
    find(chunk) {
      const sent = Object.entries(chunk).filter(([name]) => COUNTS.includes(name));
      return sent.length === 0 ? null : Object.fromEntries(sent);
    },
    replace(chunk, usage) {
      const nulls = Object.fromEntries(COUNTS.filter((name) => name in chunk).map((name) => [name, null]));
      return { ...without(chunk, ...COUNTS), ...(usage === null ? nulls : usage) };
    },
    alone: (chunk) => ({
      ...Object.fromEntries(
        Object.entries(chunk).filter(([name]) => ['model', 'created_at', ...COUNTS].includes(name)),
      ),
      done: false,
    }),
    isAlone: ({ message, done }) => message === undefined && done !== true,
    ends: ({ done }) => done === true,
    counts: { prompt: PROMPT, completion: COMPLETION, total: null },
  },
  encode: (ask, mode, _option, seed) => ({
    messages: [
      ...(ask.earlier ?? []).map(({ by, text: content }) => ({ role: by, content })),
      { role: 'user', content: ask.prompt },
    ],
    // Left out, it streams.
    stream: mode === 'stream',
    options: {
      num_predict: ask.limit,
      temperature: ask.temperature ?? 0,
      seed: seed & 0x7fffffff,
      ...(ask.stop === undefined ? {} : { stop: ask.stop }),
      ...(ask.penalties === undefined
        ? {}
        : { frequency_penalty: ask.penalties, presence_penalty: ask.penalties }),
    },
    ...(ask.tools === undefined ? {} : { tools: [WEATHER_FUNCTION] }),
    ...(ask.json ? { format: 'json' } : {}),
  }),
  readRequest(body) {
    const options = objectOr(body.options);
    return {
      limit: limitBy(options, 'num_predict'),
      // No tokenizer can be asked over HTTP.
      prompt: null,
      answers: 1,
      stream: body.stream !== false,
      stops: options.stop !== undefined,
      greedy: options.temperature === 0,
    };
  },
  unstreamed: (body) => ({ ...body, stream: false }),
  openStream: () => new ChatReader(),
  readWhole(value) {
    const object = objectOr(value);
    const part = readPart(object);
    return {
      usage: usageOf(object, delivers(part)),
      choices: typeof object.done === 'boolean' ? [part] : 'absent',
      envelope: envelopeOf(object),
      fingerprint: null,
    };
  },
  readUsage,
  usagePlaces: { at: [[]], isDetails: () => false, isCount: (name) => COUNTS.includes(name) },
};
