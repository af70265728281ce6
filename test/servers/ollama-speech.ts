/** What Ollama's chat and generate share: options, lines, counts on the last one. */
import type { Answer, AnswerChoice } from './answer.ts';
import { type Asked, cachedOf, MODEL, only, type Speech } from './other-api-server.ts';
import type { Prompts } from './prompts.ts';
import { type Generation, isJson, type Json, positiveInteger } from './request.ts';

interface Own {
  readonly path: string;
  readonly prompts: (body: Json, tools: Json[]) => Prompts;
  /** The field with a piece of the answer. */
  readonly says: (text: string) => Json;
}

function read(body: Json, own: Own): Generation {
  const options = isJson(body.options) ? body.options : {};
  const tools = Array.isArray(body.tools) ? body.tools.filter(isJson) : [];
  const prompts = own.prompts(body, tools);
  return {
    api: 'chat',
    // Left out, it streams.
    mode: body.stream === false ? 'nonstream' : 'stream',
    option: '-',
    body,
    prompts: prompts.texts,
    promptTokens: prompts.tokens,
    limit: positiveInteger(options, 'num_predict', 128),
    limitBy: 'max_tokens',
    temperature: typeof options.temperature === 'number' ? options.temperature : 1,
    n: 1,
    stops: Array.isArray(options.stop) ? options.stop.map(String) : [],
    tools,
    calls: undefined,
    json: body.format === 'json',
    logprobs: false,
    list: false,
    tokenIds: false,
  };
}

const envelope = (): Json => ({ model: MODEL, created_at: new Date(1_790_000_000_000).toISOString() });

/** Counts of 0 are left out. */
function ending(asked: Asked, { promptTokens }: Answer, { finish, tokens }: AnswerChoice): Json {
  const cached = cachedOf(asked, promptTokens);
  return {
    done: true,
    done_reason: finish,
    total_duration: 1000,
    prompt_eval_count: promptTokens,
    ...(cached === 0 ? {} : { prompt_eval_cached_count: cached }),
    ...(tokens === 0 ? {} : { eval_count: tokens }),
  };
}

export const ollamaSpeech = (own: Own): Speech => ({
  path: own.path,
  framing: 'ndjson',
  read: (body) => read(body, own),
  refusal: (message) => JSON.stringify({ error: message }),
  stream(asked, made) {
    const choice = only(made);
    return [
      ...choice.text.map((text) => ({ ...own.says(text), done: false })),
      { ...own.says(''), ...ending(asked, made, choice) },
    ].map((line) => ({ json: { ...envelope(), ...line } }));
  },
  whole(asked, made) {
    const choice = only(made);
    return { ...envelope(), ...own.says(choice.text.join('')), ...ending(asked, made, choice) };
  },
});
