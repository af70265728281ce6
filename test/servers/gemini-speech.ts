/** Google's generateContent as its reference has it: https://ai.google.dev/api/generate-content */
import type { Answer, AnswerChoice } from './answer.ts';
import { type Asked, cachedOf, fresh, MODEL, only, type Speech } from './other-api-server.ts';
import { chatPrompt } from './prompts.ts';
import { type Generation, isJson, type Json, positiveInteger, refuse } from './request.ts';

const REASONS = { stop: 'STOP', length: 'MAX_TOKENS', tool_calls: 'STOP' } as const;

const objects = (value: unknown): Json[] => (Array.isArray(value) ? value.filter(isJson) : []);
const objectOr = (value: unknown): Json => (isJson(value) ? value : {});

const textOf = ({ parts }: Json): string =>
  objects(parts)
    .map(({ text }) => String(text))
    .join('');

function messagesOf({ contents, systemInstruction: system }: Json): Json[] {
  if (!Array.isArray(contents) || contents.length === 0)
    return refuse('* GenerateContentRequest.contents: contents is not specified');
  const turns = objects(contents).map((turn) => ({ role: turn.role, content: textOf(turn) }));
  return isJson(system) ? [{ role: 'system', content: textOf(system) }, ...turns] : turns;
}

function read(body: Json): Generation {
  const config = objectOr(body.generationConfig);
  const tools = objects(body.tools).flatMap(({ functionDeclarations: declared }) =>
    objects(declared).map((one): Json => ({ type: 'function', function: one })),
  );
  const calling = objectOr(objectOr(body.toolConfig).functionCallingConfig);
  const [called] = calling.mode === 'ANY' ? [calling.allowedFunctionNames].flat() : [];
  const prompts = chatPrompt({ messages: messagesOf(body) }, tools);
  return {
    api: 'chat',
    mode: body.stream === true ? 'stream' : 'nonstream',
    option: '-',
    body,
    prompts: prompts.texts,
    promptTokens: prompts.tokens,
    limit: positiveInteger(config, 'maxOutputTokens', 128),
    limitBy: 'max_tokens',
    temperature: typeof config.temperature === 'number' ? config.temperature : 1,
    n: 1,
    stops: Array.isArray(config.stopSequences) ? config.stopSequences.map(String) : [],
    tools,
    calls: called === undefined ? undefined : String(called),
    json: config.responseMimeType === 'application/json',
    logprobs: false,
    list: false,
    tokenIds: false,
  };
}

/** Thoughts are counted beside the candidates, and a count of 0 is left out. */
function usageOf(asked: Asked, promptTokens: number, candidates: number, thoughts: number): Json {
  const counts = {
    cachedContentTokenCount: cachedOf(asked, promptTokens),
    candidatesTokenCount: candidates,
    thoughtsTokenCount: thoughts,
    totalTokenCount: promptTokens + candidates + thoughts,
  };
  const sent = Object.entries(counts).filter(([, count]) => count !== 0);
  return {
    promptTokenCount: promptTokens,
    ...Object.fromEntries(sent),
    promptTokensDetails: [{ modality: 'TEXT', tokenCount: promptTokens }],
  };
}

const wholeUsage = (asked: Asked, made: Answer): Json => {
  const { tokens, reasoning } = only(made);
  return usageOf(asked, made.promptTokens, tokens - reasoning.length, reasoning.length);
};

/** A call comes whole, or not at all where the limit cut it. */
function partsOf({ reasoning, text, tool, finish }: AnswerChoice): Json[] {
  return [
    ...reasoning.map((piece) => ({ text: piece, thought: true })),
    ...text.map((piece) => ({ text: piece })),
    ...(tool === undefined || finish === 'length'
      ? []
      : [{ functionCall: { name: tool.name, args: JSON.parse(tool.arguments.join('')) } }]),
  ];
}

const candidate = (parts: readonly Json[]): Json => ({ content: { parts, role: 'model' }, index: 0 });

export const geminiSpeech: Speech = {
  path: `/v1beta/models/${MODEL}:generateContent`,
  streamPath: `/v1beta/models/${MODEL}:streamGenerateContent`,
  framing: 'sse',
  read,
  refusal: (message) => JSON.stringify({ error: { code: 400, message, status: 'INVALID_ARGUMENT' } }),
  stream(asked, answer) {
    const choice = only(answer);
    const parts = partsOf(choice);
    const same = { modelVersion: MODEL, responseId: fresh('r') };
    const grown = (count: number) => {
      const thoughts = Math.min(count, choice.reasoning.length);
      return usageOf(asked, answer.promptTokens, count - thoughts, thoughts);
    };
    const end = { ...candidate([{ text: '' }]), finishReason: REASONS[choice.finish] };
    return [
      ...parts.map((part, at) => ({
        candidates: [candidate([part])],
        usageMetadata: grown(at + 1),
        ...same,
      })),
      { candidates: [end], usageMetadata: wholeUsage(asked, answer), ...same },
    ].map((json) => ({ json }));
  },
  whole(asked, answer) {
    const choice = only(answer);
    return {
      candidates: [{ ...candidate(partsOf(choice)), finishReason: REASONS[choice.finish] }],
      usageMetadata: wholeUsage(asked, answer),
      modelVersion: MODEL,
      responseId: fresh('r'),
    };
  },
};
