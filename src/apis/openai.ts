/** What OpenAI's chat and legacy completions share: usage, envelope, choices, errors, and how a request is written and read. */

import type {
  Api,
  Ask,
  ChoicePart,
  Choices,
  Chunk,
  CountedPrompt,
  Mode,
  ProxiedApi,
  RequestFacts,
  UsageOption,
  UsagePlaces,
  Whole,
} from '../model/api.ts';
import type { Envelope, MistypedField, UsageCounts } from '../model/exchange.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { asking } from './asking.ts';
import {
  firstOf,
  givenDetails,
  limitBy,
  objectOr,
  readError,
  stopsIn,
  usageField,
  without,
} from './fields.ts';
import { NONE } from './mistyped.ts';

const COUNTS = { prompt: 'prompt_tokens', completion: 'completion_tokens', total: 'total_tokens' } as const;
const DETAILS: readonly string[] = ['prompt_tokens_details', 'completion_tokens_details'];

const usagePlaces: UsagePlaces = {
  at: [['usage']],
  isDetails: (key) => DETAILS.includes(key),
  isCount: (name, details) =>
    details === null ? Object.values<string>(COUNTS).includes(name) : name.endsWith('_tokens'),
};

/** CompletionUsage of openai-openapi; SGLang and others put `reasoning_tokens` at the top level. */
function readUsage(usage: unknown): UsageCounts {
  const object: JsonObject = isJsonObject(usage) ? usage : {};
  const promptDetails = object.prompt_tokens_details;
  const completionDetails = object.completion_tokens_details;
  const details: Array<readonly [string, unknown]> = [];
  // Other objects in the usage are extras (timings, rates), which may hold fractions.
  for (const key of DETAILS) {
    const value = object[key];
    for (const [name, count] of isJsonObject(value) ? Object.entries(value) : []) {
      if (name.endsWith('_tokens')) details.push([`${key}.${name}`, count]);
    }
  }
  return {
    prompt: object[COUNTS.prompt],
    completion: object[COUNTS.completion],
    total: object[COUNTS.total],
    cached: isJsonObject(promptDetails) ? promptDetails.cached_tokens : undefined,
    reasoning:
      (isJsonObject(completionDetails) ? completionDetails.reasoning_tokens : undefined) ??
      object.reasoning_tokens,
    required: Object.values(COUNTS).map((name) => [name, object[name]] as const),
    details,
    given: givenDetails(object),
  };
}

function readEnvelope(value: JsonObject): Envelope {
  return { id: value.id, object: value.object, created: value.created, model: value.model };
}

type ReadPart = (choice: JsonObject) => Pick<ChoicePart, 'text' | 'reasoning' | 'toolCalls'>;
type FindMistyped = (choice: JsonObject) => readonly MistypedField[];

const lengthOf = (list: unknown): number => (Array.isArray(list) ? list.length : 0);

/** Chat lists the tokens of its content (and refusal), legacy completions all `tokens`; servers use either in both. */
function logprobsIn(logprobs: unknown): number {
  if (!isJsonObject(logprobs)) return 0;
  const { content, refusal, tokens } = logprobs;
  return lengthOf(content) + lengthOf(refusal) || lengthOf(tokens);
}

/** `choices` as the chunk has it, each entry read by the API's own reader. */
function readChoices(value: JsonObject, part: ReadPart, mistyped: FindMistyped): Choices {
  const choices = value.choices;
  if (choices === undefined) return 'absent';
  if (choices === null) return 'null';
  if (!Array.isArray(choices)) return 'not-a-list';
  return choices.map((choice: unknown) => {
    const object: JsonObject = isJsonObject(choice) ? choice : {};
    const index = object.index;
    const ids = object.token_ids ?? object.tokens;
    return {
      index: typeof index === 'number' && Number.isInteger(index) && index >= 0 ? index : undefined,
      finish: object.finish_reason ?? null,
      tokenIds: Array.isArray(ids) ? ids.length : null,
      logprobs: logprobsIn(object.logprobs),
      mistyped: mistyped(object),
      ...part(object),
    };
  });
}

const ASK_USAGE: Record<UsageOption, JsonObject> = {
  asked: { stream_options: { include_usage: true } },
  false: { stream_options: { include_usage: false } },
  null: { stream_options: null },
  empty: { stream_options: {} },
  unasked: {},
  '-': {},
};

/** The fields that both APIs name alike. Deterministic unless the scenario asks for warmth. */
export function sharedBody(ask: Ask, mode: Mode, option: UsageOption, seed: number): JsonObject {
  return {
    [ask.newerLimit ? 'max_completion_tokens' : 'max_tokens']: ask.limit,
    temperature: ask.temperature ?? 0,
    seed: seed & 0x7fffffff,
    ...(ask.n === undefined ? {} : { n: ask.n }),
    ...(ask.stop === undefined ? {} : { stop: ask.stop }),
    ...(ask.penalties === undefined
      ? {}
      : { frequency_penalty: ask.penalties, presence_penalty: ask.penalties }),
    ...(mode === 'stream' ? { stream: true, ...ASK_USAGE[option] } : {}),
  };
}

const SENDING: readonly string[] = ['stream', 'stream_options'];
const HIDING: readonly string[] = [
  'tools',
  'functions',
  'response_format',
  'reasoning_effort',
  'chat_template_kwargs',
  'chat_template',
  'add_generation_prompt',
  'continue_final_message',
  'documents',
];

export const unstreamed = (body: JsonObject): JsonObject => without(body, ...SENDING);

const NEWER_LIMIT = 'max_completion_tokens';

function promptAlone(body: JsonObject): JsonObject {
  const limit = body[NEWER_LIMIT] === undefined ? 'max_tokens' : NEWER_LIMIT;
  const one = without(
    unstreamed(body),
    'max_tokens',
    NEWER_LIMIT,
    'n',
    'best_of',
    'logprobs',
    'top_logprobs',
  );
  return { ...one, [limit]: 1 };
}

export const hiddenBy = (body: JsonObject): string | null => firstOf(body, HIDING);

function readRequest(body: JsonObject, prompt: CountedPrompt | null, newerLimit: boolean): RequestFacts {
  const { n } = body;
  return {
    limit: limitBy(body, 'max_tokens') ?? (newerLimit ? limitBy(body, 'max_completion_tokens', true) : null),
    prompt,
    answers: typeof n === 'number' ? n : 1,
    stream: body.stream === true,
    stopStrings: stopsIn(body.stop),
    greedy: body.temperature === 0,
    asksUsage: includesUsage(body),
  };
}

const includesUsage = ({ stream_options: options }: JsonObject) =>
  isJsonObject(options) && options.include_usage === true;

const asCounted = (prompt: number, completion: number): JsonObject => ({
  [COUNTS.prompt]: prompt,
  [COUNTS.completion]: completion,
  [COUNTS.total]: prompt + completion,
});

const proxied: Omit<ProxiedApi, 'operation'> = {
  shortest: [
    { path: ['stream'], json: 'false' },
    { path: ['stream_options'], json: 'null' },
    { path: ['max_tokens'], json: '1' },
  ],
  usage: asCounted,
  usageChunk: ({ id, object, created, model }, usage) => ({ id, object, created, model, choices: [], usage }),
};

/** What differs between the two. */
type Own = Pick<Api, 'id' | 'title' | 'features' | 'substitutes' | 'encode'> & {
  readonly operation: ProxiedApi['operation'];
  readonly path: string;
  /** `object` of a stream's chunks. */
  readonly chunkObject: string;
  readonly promptFields: readonly string[];
  readonly readDelta: ReadPart;
  readonly readMessage: ReadPart;
  /** Fields of a delta that must hold text. */
  readonly mistypedIn: FindMistyped;
  readonly promptOf: (body: JsonObject) => CountedPrompt | null;
};

export function openAiApi(own: Own): Api {
  const { id, title, features, substitutes, encode, path, chunkObject, promptFields, operation } = own;
  const reader = {
    read: (value: JsonObject): Chunk => ({
      usage: usageField(value),
      choices: readChoices(value, own.readDelta, own.mistypedIn),
      envelope: readEnvelope(value),
      error: readError(value),
      ends: false,
    }),
  };
  return {
    id,
    title,
    endpoint: { path, under: 'version' },
    framing: 'sse',
    endMarker: '[DONE]',
    strayMarker: null,
    endCarriesUsage: false,
    usageOptions: ['asked', 'unasked', 'false', 'null', 'empty'],
    features,
    rules: new Set([
      'usage-once',
      'usage-last',
      'usage-chunk-choices-empty',
      'usage-chunk-id',
      'usage-null-before',
      'choices-indexed',
      'delta-types',
    ]),
    envelope: [
      { name: 'object', holds: { value: chunkObject } },
      { name: 'created', holds: 'an integer' },
      { name: 'model', holds: 'a string' },
    ],
    terms: {
      whole: 'choices',
      end: '[DONE]',
      finish: 'finish_reason',
      telling: ['choices', 'finish_reason', 'usage', 'error'],
      finishes: new Map([
        ['length', 'limit'],
        ['stop', 'stop'],
        ['tool_calls', 'tool'],
        ['function_call', 'tool'],
        ['content_filter', 'filter'],
      ]),
      limitFinish: 'length',
      counts: 'prompt, completion and total counts',
      total: COUNTS.total,
      askUsage: 'stream_options {"include_usage":true}',
      asks: { json: 'response_format json_object', 'newer-limit': 'max_completion_tokens' },
    },
    vocabulary:
      '[DONE] chat.completion.chunk text_completion object created model choices index delta message content role ' +
      'assistant text logprobs finish_reason stop length tool_calls function arguments name usage prompt_tokens ' +
      'completion_tokens total_tokens prompt_tokens_details cached_tokens list data type detail code param',
    fields: {
      prompt: promptFields,
      sending: SENDING,
      generating: [
        ...['max_tokens', 'max_completion_tokens', 'temperature', 'seed', 'stop', 'n'],
        ...['frequency_penalty', 'presence_penalty', 'logprobs', 'top_logprobs'],
      ],
      hiding: HIDING,
      cases: [
        ...promptFields.filter((name) => name !== 'tools'),
        ...SENDING,
        ...['n', 'max_tokens', 'max_completion_tokens'],
      ],
    },
    substitutes,
    traits: [
      includesUsage,
      (body) => Array.isArray(body.tools),
      (body) => isJsonObject(body.tool_choice),
      (body) => body.tool_choice === 'none',
      (body) => body.n ?? 1,
      (body) => isJsonObject(body.response_format),
      (body) => Array.isArray(body.prompt),
      (body) => body.stop !== undefined,
      (body) => body.logprobs !== undefined,
      (body) => JSON.stringify(body.stream_options ?? null),
    ],
    usageInChunk: {
      find: ({ usage }) => (isJsonObject(usage) ? usage : null),
      replace: (chunk, usage) => (usage === undefined ? without(chunk, 'usage') : { ...chunk, usage }),
      alone: (chunk) => ({ ...chunk, choices: [] }),
      isAlone: ({ choices }) => !Array.isArray(choices) || choices.length === 0,
      ends: () => false,
      counts: COUNTS,
    },
    encode,
    readRequest: (body) => readRequest(body, own.promptOf(body), features.has('newer-limit')),
    unstreamed,
    proxied: { ...proxied, operation },
    asking,
    promptAlone,
    openStream: () => reader,
    readWhole: (value): Whole => {
      const object = objectOr(value);
      const print = object.system_fingerprint;
      return {
        usage: usageField(object),
        choices: readChoices(object, own.readMessage, () => NONE),
        envelope: readEnvelope(object),
        fingerprint: typeof print === 'string' ? print : null,
      };
    },
    readUsage,
    usagePlaces,
  };
}
