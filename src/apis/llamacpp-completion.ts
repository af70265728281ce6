import type { Api, ChoicePart, Chunk, StreamReader, Whole } from '../model/api.ts';
import type { Breach } from '../model/breach.ts';
import type { SentRequest } from '../model/exchange.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { limitBy, objectOr, picked, readError, stopsIn, text, without } from './fields.ts';
import {
  COMPLETION,
  countsOf,
  Listed,
  PROMPT,
  RunningCounts,
  readUsage,
  timingBreaches,
  usageOf,
} from './llamacpp-completion-usage.ts';

const OLDER_STOPS = [
  ['stopped_limit', 'limit'],
  ['stopped_word', 'word'],
  ['stopped_eos', 'eos'],
] as const;

/** The window was full, for which there is no word of its own. */
const FULL = 'limit (truncated)';

function finishOf(value: JsonObject): unknown {
  const older = OLDER_STOPS.find(([flag]) => value[flag] === true)?.[1] ?? null;
  const finish = value.stop_type ?? older;
  return finish === 'limit' && value.truncated === true ? FULL : finish;
}

function readPart(value: JsonObject): ChoicePart {
  const { index = 0, stop, stopping_word: word } = value;
  // While the prompt is read, the token is a placeholder.
  const tokens = 'prompt_progress' in value ? null : value.tokens;
  return {
    index: typeof index === 'number' && Number.isInteger(index) && index >= 0 ? index : undefined,
    text: text(value.content),
    reasoning: '',
    toolCalls: '',
    finish: stop === true ? finishOf(value) : null,
    tokenIds: Array.isArray(tokens) && tokens.length > 0 ? tokens.length : null,
    ...(stop === true && typeof word === 'string' ? { stoppedBy: word } : {}),
  };
}

const isList = (prompt: unknown): prompt is readonly unknown[] =>
  Array.isArray(prompt) && prompt.some((one) => typeof one !== 'number');

/** How many prompts a request has; null: one, which is not in a list. */
function listedPrompts(request: SentRequest['body']): number | null {
  const prompt = isJsonObject(request) ? request.prompt : undefined;
  return isList(prompt) ? prompt.length : null;
}

class CompletionReader implements StreamReader {
  readonly #prompts: number | null;
  /** What ended so far, by index. */
  readonly #ended = new Map<number, JsonObject>();
  readonly #running = new Map<number, RunningCounts>();

  constructor(request: SentRequest['body']) {
    this.#prompts = listedPrompts(request);
  }

  read(value: JsonObject): Chunk {
    const error = readError(value);
    const part = readPart(value);
    const said = { envelope: null, error, ends: false } as const;
    if (error !== null) return { ...said, usage: { kind: 'absent' }, choices: 'absent' };
    if (value.stop !== true) {
      this.#runningOf(part.index ?? 0)?.add(value);
      return { ...said, usage: { kind: 'absent' }, choices: 'content' in value ? [part] : 'absent' };
    }
    const index = part.index ?? 0;
    const usage = usageOf(value);
    const most = this.#prompts ?? 1;
    if (this.#ended.has(index) || this.#ended.size < most) this.#ended.set(index, countsOf(value));
    const merged = this.#prompts !== null && usage.kind === 'value';
    return {
      ...said,
      usage: merged ? { kind: 'value', value: new Listed(new Map(this.#ended)) } : usage,
      choices: [part],
      ends: this.#ended.size >= most,
      breaches: this.#breaches(value, index),
    };
  }

  #breaches(value: JsonObject, index: number): readonly Breach[] {
    return [...timingBreaches(value), ...(this.#running.get(index)?.breaches(value) ?? [])];
  }

  /** null for an index beyond the prompts that were sent. */
  #runningOf(index: number): RunningCounts | null {
    const known = this.#running.get(index);
    if (known !== undefined || this.#running.size >= (this.#prompts ?? 1)) return known ?? null;
    const made = new RunningCounts();
    this.#running.set(index, made);
    return made;
  }
}

function readList(list: readonly unknown[]): Whole {
  const objects = list.map(objectOr);
  const own = objects.length > 0 && objects.every(({ content }) => typeof content === 'string');
  const byIndex = new Map(objects.map((one, at) => [readPart(one).index ?? at, countsOf(one)]));
  const counted = objects.some((one) => usageOf(one).kind === 'value');
  return {
    usage: counted ? { kind: 'value', value: new Listed(byIndex) } : { kind: 'absent' },
    choices: own ? objects.map(readPart) : 'absent',
    envelope: { id: undefined },
    fingerprint: null,
    breaches: objects.flatMap(timingBreaches),
  };
}

function readWhole(value: unknown, request: SentRequest['body']): Whole {
  if (listedPrompts(request) !== null) return readList(Array.isArray(value) ? value : []);
  const object = objectOr(value);
  return {
    usage: usageOf(object),
    choices: typeof object.content === 'string' ? [readPart(object)] : 'absent',
    envelope: { id: undefined },
    fingerprint: null,
    breaches: timingBreaches(object),
  };
}

const SENDING: readonly string[] = ['stream'];
/** The timings hold the same counts once more. */
const COUNTED: readonly string[] = [PROMPT, COMPLETION, 'timings'];

/** llama.cpp's own completion: https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md, POST /completion */
export const llamacppCompletion: Api = {
  id: 'llamacpp-completion',
  title: 'llama.cpp completion',
  endpoint: { path: '/completion', under: 'root' },
  catalogue: 2,
  discovered: true,
  framing: 'sse',
  endMarker: null,
  strayMarker: '[DONE]',
  endCarriesUsage: true,
  usageOptions: [],
  features: new Set(['prompt-lists', 'token-ids', 'stop', 'json']),
  rules: new Set(['usage-consistent', 'usage-per-prompt']),
  watches: new Set(['usage-consistent']),
  envelope: [],
  terms: {
    whole: 'content',
    end: 'the object with stop:true',
    finish: 'stop_type',
    telling: ['stop', 'stop_type', PROMPT, COMPLETION, 'error'],
    finishes: new Map([
      ['limit', 'limit'],
      [FULL, 'truncated'],
      ['word', 'stop'],
      ['eos', 'stop'],
    ]),
    limitFinish: 'limit',
    stopped: { finish: 'word', field: 'stopping_word', required: false },
    counts: `${PROMPT} and ${COMPLETION}`,
    total: null,
    askUsage: null,
    asks: { json: 'json_schema {}' },
  },
  vocabulary:
    'index content tokens stop id_slot model tokens_predicted tokens_evaluated generation_settings prompt has_new_line ' +
    'truncated stop_type stopping_word tokens_cached timings cache_n prompt_n prompt_ms predicted_n predicted_ms limit word eos',
  fields: {
    prompt: ['prompt'],
    sending: SENDING,
    generating: ['n_predict', 'temperature', 'seed', 'stop'],
    hiding: ['json_schema'],
    cases: ['prompt', 'stream', 'n_predict'],
  },
  substitutes: [],
  traits: [
    (body) => isList(body.prompt),
    (body) => Array.isArray(body.prompt),
    (body) => isJsonObject(body.json_schema),
    (body) => body.stop !== undefined,
  ],
  usageInChunk: {
    find: (chunk) => (usageOf(chunk).kind === 'absent' ? null : picked(chunk, ...COUNTED)),
    replace(chunk, usage) {
      if (usage === null) return { ...chunk, [PROMPT]: null, [COMPLETION]: null };
      return { ...without(chunk, ...COUNTED), ...usage };
    },
    alone: (chunk) => ({ ...picked(chunk, 'index', ...COUNTED), stop: false }),
    isAlone: ({ content, stop }) => content === undefined && stop !== true,
    ends: ({ stop }) => stop === true,
    counts: { prompt: PROMPT, completion: COMPLETION, total: null },
  },
  encode: (ask, mode, _option, seed) => ({
    prompt: ask.prompt,
    n_predict: ask.limit,
    temperature: ask.temperature ?? 0,
    seed: seed & 0x7fffffff,
    ...(ask.stop === undefined ? {} : { stop: ask.stop }),
    ...(ask.json ? { json_schema: {} } : {}),
    ...(mode === 'stream' ? { stream: true } : {}),
  }),
  readRequest(body) {
    const { prompt } = body;
    const plain = without(body, ...SENDING);
    const ids = Array.isArray(prompt) && !prompt.some((id) => typeof id !== 'number') ? prompt.length : 0;
    return {
      limit: limitBy(body, 'n_predict'),
      prompt:
        typeof prompt === 'string'
          ? {
              kind: 'text',
              text: prompt,
              body: plain,
              hiddenBy: body.json_schema === undefined ? null : 'json_schema',
            }
          : ids > 0
            ? { kind: 'ids', count: ids }
            : null,
      answers: 1,
      stream: body.stream === true,
      stopStrings: stopsIn(body.stop),
      greedy: body.temperature === 0,
    };
  },
  unstreamed: (body) => without(body, ...SENDING),
  wantsWhole: (body) => ({ ...body, stream: false }),
  openStream: (request) => new CompletionReader(request),
  readWhole,
  readUsage,
  usagePlaces: {
    at: [[]],
    isDetails: () => false,
    isCount: (name) => name === PROMPT || name === COMPLETION,
  },
};
