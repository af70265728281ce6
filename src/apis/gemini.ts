import { isCount } from '../model/answer.ts';
import type { Api, Ask, ChoicePart, Choices, Chunk, StreamReader, Whole } from '../model/api.ts';
import type { CountField, Envelope, UsageCounts, UsageField } from '../model/exchange.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { Counted } from './counted.ts';
import { limitBy, objectOr, readError, stopsIn, text, WEATHER, without } from './fields.ts';

const USAGE = 'usageMetadata';
const PROMPT = 'promptTokenCount';
const CANDIDATES = 'candidatesTokenCount';
const THOUGHTS = 'thoughtsTokenCount';
const OF_TOOLS = 'toolUsePromptTokenCount';
const TOTAL = 'totalTokenCount';

/** Of a stream whose candidates have ever new numbers. */
const MAX_CANDIDATES = 128;

function usageOf({ [USAGE]: usage }: JsonObject, delivered: boolean): UsageField {
  if (usage === undefined) return { kind: 'absent' };
  if (usage === null) return { kind: 'null' };
  return { kind: 'value', value: new Counted(objectOr(usage), delivered) };
}

/** Thoughts are counted beside the candidates; where one is no count, that one. */
function completionOf(candidates: unknown, thoughts: unknown): unknown {
  if (thoughts === undefined || thoughts === null || !isCount(candidates)) return candidates;
  return isCount(thoughts) ? candidates + thoughts : thoughts;
}

function readUsage(usage: unknown): UsageCounts {
  const { sent, delivered } = Counted.of(usage);
  // A count of 0 may be left out: all that came were thoughts.
  const { [PROMPT]: prompt, [CANDIDATES]: candidates = delivered ? undefined : 0, [TOTAL]: total } = sent;
  const required: readonly CountField[] = [
    [PROMPT, prompt],
    [CANDIDATES, candidates],
    [TOTAL, total],
  ];
  const details = Object.entries(sent).filter(
    ([name, value]) =>
      name.endsWith('TokenCount') && value !== null && !required.some(([known]) => known === name),
  );
  return {
    prompt,
    completion: completionOf(candidates, sent[THOUGHTS]),
    total,
    beside: sent[OF_TOOLS],
    cached: sent.cachedContentTokenCount,
    reasoning: sent[THOUGHTS],
    required,
    details,
  };
}

/** "Default value. This value is unused." */
const reasonIn = ({ finishReason: reason }: JsonObject): unknown =>
  reason === 'FINISH_REASON_UNSPECIFIED' ? null : (reason ?? null);

function readCall({ functionCall: call }: JsonObject): string {
  if (!isJsonObject(call)) return '';
  return text(call.name) + (call.args === undefined ? '' : JSON.stringify(call.args));
}

function readCandidate(candidate: JsonObject): ChoicePart {
  const { content, index = 0 } = candidate;
  const { parts } = objectOr(content);
  const list = Array.isArray(parts) ? parts.filter(isJsonObject) : [];
  const said = (thought: boolean) =>
    list
      .filter((part) => (part.thought === true) === thought)
      .map((part) => text(part.text))
      .join('');
  return {
    index: isCount(index) ? index : undefined,
    text: said(false),
    reasoning: said(true),
    toolCalls: list.map(readCall).join(''),
    finish: reasonIn(candidate),
    tokenIds: null,
  };
}

function readCandidates({ candidates }: JsonObject): Choices {
  if (candidates === undefined) return 'absent';
  if (candidates === null) return 'null';
  return Array.isArray(candidates) ? candidates.map((one) => readCandidate(objectOr(one))) : 'not-a-list';
}

const delivers = (choices: Choices): boolean =>
  typeof choices !== 'string' && choices.some((part) => part.text + part.toolCalls !== '');

const envelopeOf = ({ responseId: id, modelVersion }: JsonObject): Envelope => ({ id, modelVersion });

class ChunkReader implements StreamReader {
  #delivered = false;
  readonly #finishes = new Map<number | undefined, unknown>();

  read(value: JsonObject): Chunk {
    const choices = readCandidates(value);
    if (delivers(choices)) this.#delivered = true;
    return {
      usage: usageOf(value, this.#delivered),
      choices: typeof choices === 'string' ? choices : choices.map((part) => this.#once(part)),
      envelope: envelopeOf(value),
      error: readError(value),
      ends: false,
    };
  }

  /** Older models say on each chunk how it ends: only what differs is said once more. */
  #once(part: ChoicePart): ChoicePart {
    const { index, finish } = part;
    if (finish === null) return part;
    if (this.#finishes.get(index) === finish) return { ...part, finish: null };
    if (this.#finishes.size < MAX_CANDIDATES) this.#finishes.set(index, finish);
    return part;
  }
}

function readWhole(value: unknown): Whole {
  const object = objectOr(value);
  const choices = readCandidates(object);
  return {
    usage: usageOf(object, delivers(choices)),
    choices,
    envelope: envelopeOf(object),
    fingerprint: null,
  };
}

const content = (role: 'user' | 'model', said: unknown): JsonObject => ({ role, parts: [{ text: said }] });

function tools(kind: Ask['tools']): JsonObject {
  if (kind === undefined) return {};
  const functionCallingConfig =
    kind === 'called' ? { mode: 'ANY', allowedFunctionNames: [WEATHER.name] } : { mode: 'NONE' };
  return { tools: [{ functionDeclarations: [WEATHER] }], toolConfig: { functionCallingConfig } };
}

/** What the system says stands beside the contents. */
function contentsOf({ prompt, earlier = [] }: Ask): JsonObject {
  const system = earlier.filter(({ by }) => by === 'system').map((turn) => ({ text: turn.text }));
  const turns = earlier.filter(({ by }) => by !== 'system');
  return {
    ...(system.length === 0 ? {} : { systemInstruction: { parts: system } }),
    contents: [
      ...turns.map((turn) => content(turn.by === 'assistant' ? 'model' : 'user', turn.text)),
      content('user', prompt),
    ],
  };
}

/** Google's generateContent: https://ai.google.dev/api/generate-content */
export const gemini: Api = {
  id: 'gemini',
  title: 'Gemini',
  endpoint: {
    path: '/v1beta/models/{model}:generateContent',
    streamPath: '/v1beta/models/{model}:streamGenerateContent?alt=sse',
    under: 'root',
    keyHeader: 'x-goog-api-key',
  },
  catalogue: 2,
  discovered: true,
  framing: 'sse',
  endMarker: null,
  endsByClosing: true,
  strayMarker: '[DONE]',
  endCarriesUsage: false,
  usageOptions: [],
  features: new Set(['stop', 'tools', 'tool-choice', 'json', 'conversation']),
  // Usage comes on every chunk, and grows.
  rules: new Set(),
  envelope: [],
  terms: {
    whole: 'candidates',
    end: 'a clean close after finishReason',
    finish: 'finishReason',
    telling: ['candidates', 'finishReason', 'usageMetadata', 'error'],
    finishes: new Map([
      ['MAX_TOKENS', 'limit'],
      ['STOP', 'stop'],
      ['SAFETY', 'filter'],
      ['RECITATION', 'filter'],
      ['BLOCKLIST', 'filter'],
      ['PROHIBITED_CONTENT', 'filter'],
      ['SPII', 'filter'],
    ]),
    limitFinish: 'MAX_TOKENS',
    counts: `${PROMPT}, ${CANDIDATES} and ${TOTAL}`,
    total: TOTAL,
    askUsage: null,
    asks: { json: 'responseMimeType application/json' },
  },
  vocabulary:
    `candidates content parts text thought role model user index finishReason STOP MAX_TOKENS ${USAGE} ${PROMPT} ` +
    `${CANDIDATES} ${THOUGHTS} ${OF_TOOLS} ${TOTAL} cachedContentTokenCount promptTokensDetails modality tokenCount ` +
    'modelVersion responseId functionCall name args',
  fields: {
    prompt: ['contents', 'systemInstruction', 'tools'],
    sending: [],
    generating: ['generationConfig'],
    hiding: ['tools', 'systemInstruction'],
    cases: ['contents', 'systemInstruction', 'generationConfig'],
  },
  substitutes: [],
  traits: [
    (body) => Array.isArray(body.tools),
    (body) => JSON.stringify(body.toolConfig),
    (body) => objectOr(body.generationConfig).responseMimeType,
    (body) => objectOr(body.generationConfig).stopSequences !== undefined,
  ],
  usageInChunk: {
    find: ({ [USAGE]: usage }) => (isJsonObject(usage) ? usage : null),
    replace: (chunk, usage) => (usage === undefined ? without(chunk, USAGE) : { ...chunk, [USAGE]: usage }),
    alone: ({ [USAGE]: usage, modelVersion, responseId }) => ({ [USAGE]: usage, modelVersion, responseId }),
    isAlone: ({ candidates }) => candidates === undefined,
    ends: (chunk) => {
      const choices = readCandidates(chunk);
      return typeof choices !== 'string' && choices.some(({ finish }) => finish !== null);
    },
    counts: { prompt: PROMPT, completion: CANDIDATES, total: TOTAL },
  },
  encode: (ask, _mode, _option, seed) => ({
    ...contentsOf(ask),
    generationConfig: {
      maxOutputTokens: ask.limit,
      temperature: ask.temperature ?? 0,
      seed: seed & 0x7fffffff,
      ...(ask.stop === undefined ? {} : { stopSequences: ask.stop }),
      ...(ask.json ? { responseMimeType: 'application/json' } : {}),
    },
    ...tools(ask.tools),
  }),
  readRequest: (body) => {
    const config = objectOr(body.generationConfig);
    return {
      limit: limitBy(config, 'maxOutputTokens'),
      prompt: null,
      answers: 1,
      stream: null,
      stopStrings: stopsIn(config.stopSequences),
      greedy: config.temperature === 0,
    };
  },
  unstreamed: (body) => body,
  openStream: () => new ChunkReader(),
  readWhole,
  readUsage,
  usagePlaces: { at: [[USAGE]], isDetails: () => false, isCount: (name) => name.endsWith('TokenCount') },
};
