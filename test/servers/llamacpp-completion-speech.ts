/** llama.cpp's own completion as its README has it: tools/server/README.md, POST /completion */
import type { Answer, AnswerChoice } from './answer.ts';
import { type Asked, cachedOf, MODEL, type Speech } from './other-api-server.ts';
import { legacyPrompts } from './prompts.ts';
import { type Generation, isJson, type Json, positiveInteger } from './request.ts';

function read(body: Json): Generation {
  const prompts = legacyPrompts(body);
  return {
    api: 'completions',
    mode: body.stream === true ? 'stream' : 'nonstream',
    option: '-',
    body,
    prompts: prompts.texts,
    promptTokens: prompts.tokens,
    limit: positiveInteger(body, 'n_predict', 128),
    limitBy: 'max_tokens',
    temperature: typeof body.temperature === 'number' ? body.temperature : 0.8,
    n: 1,
    stops: Array.isArray(body.stop) ? body.stop.map(String) : [],
    tools: [],
    calls: undefined,
    json: isJson(body.json_schema),
    logprobs: false,
    list: prompts.list,
    tokenIds: prompts.tokenIds,
  };
}

/** A stop string is what ends an answer by itself where one was sent. */
function stopOf(asked: Asked, { finish }: AnswerChoice): Json {
  const [word = ''] = asked.stops;
  if (finish === 'length') return { stop_type: 'limit', stopping_word: '' };
  return word === '' ? { stop_type: 'eos', stopping_word: '' } : { stop_type: 'word', stopping_word: word };
}

const promptOf = (asked: Asked, made: Answer, index: number): number =>
  asked.list ? (asked.promptTokens[index] ?? 0) : made.promptTokens;

function lastOf(asked: Asked, made: Answer, choice: AnswerChoice, content: string): Json {
  const prompt = promptOf(asked, made, choice.index);
  const cached = cachedOf(asked, prompt);
  return {
    index: choice.index,
    content,
    tokens: [],
    stop: true,
    model: MODEL,
    tokens_predicted: choice.tokens,
    tokens_evaluated: prompt,
    truncated: false,
    ...stopOf(asked, choice),
    tokens_cached: prompt + choice.tokens - 1,
    timings: { cache_n: cached, prompt_n: prompt - cached, prompt_ms: 1.5, predicted_n: choice.tokens },
  };
}

function lineOf(asked: Asked, made: Answer, choice: AnswerChoice): Json[] {
  return [
    ...choice.text.map((content, at) => ({
      index: choice.index,
      content,
      tokens: [at],
      stop: false,
      tokens_predicted: Math.min(at + 1, choice.tokens),
      tokens_evaluated: promptOf(asked, made, choice.index),
    })),
    lastOf(asked, made, choice, ''),
  ];
}

/** Side by side, as they are generated. */
function interleaved(lines: readonly (readonly Json[])[]): Json[] {
  const longest = Math.max(...lines.map((line) => line.length));
  return Array.from({ length: longest }, (_, at) => lines.flatMap((line) => line.slice(at, at + 1))).flat();
}

export const llamacppCompletionSpeech: Speech = {
  path: '/completion',
  framing: 'sse',
  read,
  refusal: (message) => JSON.stringify({ error: { code: 400, message, type: 'invalid_request_error' } }),
  stream: (asked, made) =>
    interleaved(made.choices.map((choice) => lineOf(asked, made, choice))).map((json) => ({ json })),
  whole(asked, made) {
    const objects = made.choices.map((choice) => lastOf(asked, made, choice, choice.text.join('')));
    return asked.list ? objects : objects[0];
  },
};
