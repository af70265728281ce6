import type { Api, Ask, Chunk, StreamReader, Whole } from '../model/api.ts';
import type { Breach } from '../model/breach.ts';
import type { CountField, Envelope, UsageCounts } from '../model/exchange.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import {
  ANY_TOOL,
  dropped,
  limitBy,
  objectOr,
  readError,
  text,
  usageField,
  WEATHER,
  without,
} from './fields.ts';
import { NOTHING, OutputReader, outputOf } from './responses-output.ts';
import { EventWatch } from './typed-events.ts';

const COUNTS = { prompt: 'input_tokens', completion: 'output_tokens', total: 'total_tokens' } as const;
const DETAILS = [
  ['input_tokens_details', 'cached_tokens'],
  ['output_tokens_details', 'reasoning_tokens'],
] as const;

/** The events that end a stream. */
const ENDS: readonly unknown[] = ['response.completed', 'response.incomplete', 'response.failed'];
const LIMIT = 'incomplete (max_output_tokens)';

/** A limit under 16 is refused by OpenAI, and raised in silence by gateways. */
const limitFor = (limit: number) => (limit <= 8 ? 16 : limit <= 16 ? 24 : limit);

function readUsage(usage: unknown): UsageCounts {
  const object = objectOr(usage);
  const details: readonly CountField[] = DETAILS.flatMap(([holder]) =>
    Object.entries(objectOr(object[holder])).flatMap(([name, value]) =>
      name.endsWith('_tokens') ? [[`${holder}.${name}`, value] as const] : [],
    ),
  );
  return {
    prompt: object[COUNTS.prompt],
    completion: object[COUNTS.completion],
    total: object[COUNTS.total],
    cached: objectOr(object.input_tokens_details).cached_tokens,
    reasoning: objectOr(object.output_tokens_details).reasoning_tokens,
    required: Object.values(COUNTS).map((name) => [name, object[name]] as const),
    details,
  };
}

const reasonOf = (response: JsonObject): unknown => objectOr(response.incomplete_details).reason;

/** Why it ended: the status, and for an incomplete answer the reason. */
function finishOf(response: JsonObject): string | null {
  const { status } = response;
  const reason = reasonOf(response);
  if (typeof status !== 'string') return null;
  return status === 'incomplete' && text(reason) !== '' ? `${status} (${text(reason)})` : status;
}

/** A whole answer that is still being made has no finish. */
const FINISHED: readonly unknown[] = ['completed', 'incomplete'];

const envelopeOf = ({ id, object, created_at, model }: JsonObject): Envelope => ({
  id,
  object,
  created_at,
  model,
});

const AGREES = 'a status that is what the last event is called';
const REASON = 'a reason in incomplete_details where status is incomplete, and none where it is completed';

/** @param event the type of the event that ended the stream; null in a whole answer */
function terminalBreaches(response: JsonObject, event: string | null): readonly Breach[] {
  const { status } = response;
  // Empty says as little as null.
  const reason = reasonOf(response) || null;
  const rule = 'terminal-status';
  const inWords = `status ${JSON.stringify(status)}`;
  const breaches: Breach[] = [];
  if (event !== null && typeof status === 'string' && event !== `response.${status}`)
    breaches.push({ rule, class: 'differs', expected: AGREES, detail: `${event} has ${inWords}` });
  if (status === 'incomplete' && reason === null)
    breaches.push({ rule, class: 'no-reason', expected: REASON, detail: `${inWords} and no reason` });
  if (status === 'completed' && reason !== null) {
    const detail = `${inWords} and the reason ${JSON.stringify(reason)}`;
    breaches.push({ rule, class: 'reason', expected: REASON, detail });
  }
  return breaches;
}

function detailBreaches({ usage }: JsonObject): readonly Breach[] {
  if (!isJsonObject(usage)) return [];
  const lacking = DETAILS.filter(([holder, name]) => (objectOr(usage[holder])[name] ?? null) === null);
  if (lacking.length === 0) return [];
  const inWords = lacking.map(([holder, name]) => {
    const isNull = usage[holder] === null || objectOr(usage[holder])[name] === null;
    return `${holder}.${name}${isNull ? ' (null)' : ''}`;
  });
  const expected = DETAILS.map((path) => path.join('.')).join(' and ');
  return [{ rule: 'usage-details', class: 'absent', expected, detail: inWords.join(', ') }];
}

class ResponseReader implements StreamReader {
  readonly #watch = new EventWatch('response.created', { named: false, numbered: true });
  readonly #output = new OutputReader();
  #envelope: Envelope | null = null;

  read(value: JsonObject, event: string | undefined): Chunk {
    const breaches = this.#watch.event(value, event);
    if (ENDS.includes(value.type)) return this.#end(value, breaches);
    const said = { usage: { kind: 'absent' }, ends: false, breaches } as const;
    if (value.type === 'error') {
      const error = readError(value) ?? (text(value.message) || 'an error without a message');
      return { ...said, choices: 'absent', envelope: this.#envelope, error };
    }
    const error = readError(value);
    if (isJsonObject(value.response)) {
      const field = usageField(value.response);
      // Only the end has to say it.
      const usage = field.kind === 'value' ? field : said.usage;
      const envelope = envelopeOf(value.response);
      if (envelope.id === undefined) return { ...said, usage, choices: 'absent', envelope: null, error };
      this.#envelope ??= envelope;
      return { ...said, usage, choices: [NOTHING], envelope, error };
    }
    const part = this.#output.piece(value);
    return { ...said, choices: part === null ? 'absent' : [part], envelope: this.#envelope, error };
  }

  ended(): readonly Breach[] {
    return this.#watch.ended();
  }

  foreign(): string | null {
    return this.#watch.foreign;
  }

  #end(value: JsonObject, breaches: readonly Breach[]): Chunk {
    const response = objectOr(value.response);
    const envelope = envelopeOf(response);
    if (value.type === 'response.failed') {
      const error = readError(response) ?? 'response.failed';
      return { usage: { kind: 'absent' }, choices: 'absent', envelope, error, ends: true, breaches };
    }
    const part = { ...NOTHING, ...this.#output.rest(response.output), finish: finishOf(response) };
    return {
      usage: usageField(response),
      choices: [part],
      envelope,
      error: readError(value),
      ends: true,
      breaches: [...breaches, ...terminalBreaches(response, text(value.type)), ...detailBreaches(response)],
    };
  }
}

function readWhole(value: unknown): Whole {
  const response = objectOr(value);
  const { status } = response;
  const whole = Array.isArray(response.output) && status !== undefined && status !== 'failed';
  const finish = FINISHED.includes(status) ? finishOf(response) : null;
  return {
    usage: usageField(response),
    choices: whole ? [{ ...NOTHING, ...outputOf(response.output), finish }] : 'absent',
    envelope: envelopeOf(response),
    fingerprint: null,
    breaches: [...terminalBreaches(response, null), ...detailBreaches(response)],
  };
}

function tools(kind: Ask['tools']): JsonObject {
  if (kind === undefined) return {};
  const choice = kind === 'called' ? { type: 'function', name: WEATHER.name } : 'none';
  return { tools: [{ type: 'function', ...WEATHER }], tool_choice: choice };
}

const SENDING: readonly string[] = ['stream', 'stream_options'];

/** The response that an event holds, where it is one that may carry usage. */
const held = ({ response }: JsonObject) => (isJsonObject(response) ? response : null);

/** OpenAI Responses: https://platform.openai.com/docs/api-reference/responses and /responses-streaming */
export const responses: Api = {
  id: 'responses',
  title: 'responses',
  endpoint: { path: '/responses', under: 'version' },
  framing: 'sse',
  endMarker: null,
  strayMarker: '[DONE]',
  endCarriesUsage: true,
  usageOptions: [],
  features: new Set(['tools', 'tool-choice', 'json']),
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
    hiding: ['tools', 'instructions', 'reasoning', 'text', 'previous_response_id', 'conversation'],
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
    input: ask.prompt,
    max_output_tokens: limitFor(ask.limit),
    temperature: ask.temperature ?? 0,
    ...(mode === 'stream' ? { stream: true } : {}),
    ...tools(ask.tools),
    ...(ask.json ? { text: { format: { type: 'json_object' } } } : {}),
  }),
  readRequest: (body) => ({
    limit: limitBy(body, 'max_output_tokens'),
    // What counts prompts does not take this form of them yet.
    prompt: null,
    answers: 1,
    stream: body.stream === true,
    stops: [],
    greedy: body.temperature === 0,
  }),
  unstreamed: (body) => without(body, ...SENDING),
  openStream: () => new ResponseReader(),
  readWhole,
  readUsage,
};
