/** What Ollama's chat and generate share: lines of JSON, counts on the last one, options. */
import type { Api, Ask, ChoicePart, Chunk, RequestFacts, StreamReader, Whole } from '../model/api.ts';
import type { Envelope, UsageCounts, UsageField } from '../model/exchange.ts';
import type { JsonObject } from '../model/json.ts';
import { Counted } from './counted.ts';
import { limitBy, objectOr, picked, readError, stopsIn, without } from './fields.ts';

const PROMPT = 'prompt_eval_count';
const COMPLETION = 'eval_count';
const CACHED = 'prompt_eval_cached_count';
const COUNTS: readonly string[] = [PROMPT, COMPLETION, CACHED];

/** A model that repeats itself long enough is stopped, which a short answer does not show. */
const REPETITION_LIMIT = 120;

const countsIn = (value: JsonObject): JsonObject => picked(value, ...COUNTS);

function usageOf(value: JsonObject, delivered: boolean): UsageField {
  const sent = [value[PROMPT], value[COMPLETION]].filter((count) => count !== undefined);
  // What is 0 until the end says nothing.
  if (sent.length === 0 || (value.done !== true && !sent.some(Boolean))) return { kind: 'absent' };
  if (sent.every((count) => count === null)) return { kind: 'null' };
  return { kind: 'value', value: new Counted(countsIn(value), delivered) };
}

function readUsage(usage: unknown): UsageCounts {
  const { sent, delivered } = Counted.of(usage);
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

type Delivered = Pick<ChoicePart, 'text' | 'reasoning' | 'toolCalls'>;

const delivers = ({ text: said, reasoning, toolCalls }: Delivered) => said + reasoning + toolCalls !== '';

/** What differs between the two. */
type Own = Pick<Api, 'id' | 'title' | 'features' | 'rendersAs'> & {
  readonly path: string;
  /** The field with what is asked. */
  readonly asks: string;
  /** The field with what was generated. */
  readonly says: string;
  readonly words: string;
  readonly readDelivered: (value: JsonObject) => Delivered;
  readonly encode: (ask: Ask) => JsonObject;
};

/** An empty one is left out by its own encoder: it says nothing. */
const reasonIn = ({ done_reason: reason }: JsonObject): unknown => (reason === '' ? null : (reason ?? null));

const part = (value: JsonObject, own: Own, finish: unknown): ChoicePart => ({
  index: 0,
  ...own.readDelivered(value),
  finish,
  tokenIds: null,
});

class LineReader implements StreamReader {
  readonly #own: Own;
  #delivered = false;
  /** One that was said before the end is one too many beside that of the end, and none without it. */
  #early: unknown = null;

  constructor(own: Own) {
    this.#own = own;
  }

  read(value: JsonObject): Chunk {
    const done = value.done === true;
    const reason = reasonIn(value);
    const said = part(value, this.#own, done ? reason : null);
    if (delivers(said)) this.#delivered = true;
    const early = done && reason !== null ? this.#early : null;
    if (!done) this.#early ??= reason;
    const parts =
      early === null
        ? [said]
        : [
            { ...said, finish: early },
            { ...said, ...NO_MORE, finish: reason },
          ];
    return {
      usage: usageOf(value, this.#delivered),
      choices: done || this.#own.says in value ? parts : 'absent',
      envelope: envelopeOf(value),
      error: readError(value),
      ends: done,
    };
  }
}

const NO_MORE: Delivered = { text: '', reasoning: '', toolCalls: '' };

function readWhole(value: unknown, own: Own): Whole {
  const object = objectOr(value);
  const { done } = object;
  const said = part(object, own, reasonIn(object));
  return {
    usage: done === true ? usageOf(object, delivers(said)) : { kind: 'absent' },
    choices: typeof done === 'boolean' ? [said] : 'absent',
    envelope: envelopeOf(object),
    fingerprint: null,
    ...(done === false ? { unfinished: 'done:false' } : {}),
  };
}

function optionsOf({ limit, temperature = 0, stop, penalties }: Ask, seed: number): JsonObject {
  return {
    num_predict: penalties === undefined ? limit : Math.max(limit, REPETITION_LIMIT),
    temperature,
    seed: seed & 0x7fffffff,
    ...(stop === undefined ? {} : { stop }),
    ...(penalties === undefined ? {} : { frequency_penalty: penalties, presence_penalty: penalties }),
  };
}

function readRequest(body: JsonObject): RequestFacts {
  const options = objectOr(body.options);
  return {
    limit: limitBy(options, 'num_predict'),
    // No tokenizer can be asked over HTTP.
    prompt: null,
    answers: 1,
    stream: body.stream !== false,
    stopStrings: stopsIn(options.stop),
    greedy: options.temperature === 0,
  };
}

/** Ollama's own API: https://docs.ollama.com/api and /api/streaming */
export function ollamaApi(own: Own): Api {
  const { id, title, features, rendersAs, asks, says } = own;
  return {
    id,
    title,
    ...(rendersAs === undefined ? {} : { rendersAs }),
    endpoint: { path: own.path, under: 'root' },
    catalogue: 2,
    discovered: true,
    framing: 'ndjson',
    endMarker: null,
    strayMarker: null,
    endCarriesUsage: true,
    usageOptions: [],
    features,
    rules: new Set(['usage-once']),
    envelope: [
      { name: 'model', holds: 'a string' },
      { name: 'created_at', holds: 'a string' },
    ],
    terms: {
      whole: 'done',
      end: 'the object with done:true',
      finish: 'done_reason',
      telling: ['done', 'done_reason', PROMPT, COMPLETION, 'error'],
      finishes: new Map([
        ['length', 'limit'],
        ['stop', 'stop'],
      ]),
      limitFinish: 'length',
      stopped: { finish: 'stop', field: null, required: false },
      counts: `${PROMPT} and ${COMPLETION}`,
      total: null,
      askUsage: null,
      asks: { json: 'format json' },
    },
    vocabulary:
      `model created_at ${own.words} thinking tool_calls function arguments done done_reason stop length ` +
      'total_duration load_duration prompt_eval_count prompt_eval_duration eval_count eval_duration',
    fields: {
      prompt: [asks, 'tools'],
      sending: ['stream'],
      generating: ['options'],
      hiding: ['tools', 'format', 'think'],
      cases: [asks, 'stream', 'options'],
    },
    substitutes: [],
    traits: [
      (body) => Array.isArray(body.tools),
      (body) => body.format !== undefined,
      (body) => objectOr(body.options).stop !== undefined,
    ],
    usageInChunk: {
      find(chunk) {
        const sent = countsIn(chunk);
        return Object.keys(sent).length === 0 ? null : sent;
      },
      replace(chunk, usage) {
        const nulls = Object.fromEntries(COUNTS.filter((name) => name in chunk).map((name) => [name, null]));
        return { ...without(chunk, ...COUNTS), ...(usage === null ? nulls : usage) };
      },
      alone: (chunk) => ({ ...picked(chunk, 'model', 'created_at', ...COUNTS), done: false }),
      isAlone: (chunk) => chunk[says] === undefined && chunk.done !== true,
      ends: ({ done }) => done === true,
      counts: { prompt: PROMPT, completion: COMPLETION, total: null },
    },
    encode: (ask, mode, _option, seed) => ({
      ...own.encode(ask),
      // Left out, it streams.
      stream: mode === 'stream',
      options: optionsOf(ask, seed),
      ...(ask.json ? { format: 'json' } : {}),
    }),
    readRequest,
    unstreamed: (body) => ({ ...body, stream: false }),
    openStream: () => new LineReader(own),
    readWhole: (value) => readWhole(value, own),
    readUsage,
    usagePlaces: { at: [[]], isDetails: () => false, isCount: (name) => COUNTS.includes(name) },
  };
}
