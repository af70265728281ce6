/** Ollama's own chat as its documentation has it: https://docs.ollama.com/api/chat */
import type { Answer, AnswerChoice } from './answer.ts';
import { MODEL, type Speech } from './other-api-server.ts';
import { chatPrompt } from './prompts.ts';
import { type Generation, isJson, type Json, positiveInteger } from './request.ts';

function read(body: Json): Generation {
  const options = isJson(body.options) ? body.options : {};
  const tools = Array.isArray(body.tools) ? body.tools.filter(isJson) : [];
  const prompts = chatPrompt(body, tools);
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
function ending({ promptTokens }: Answer, { finish, tokens }: AnswerChoice): Json {
  return {
    done: true,
    done_reason: finish,
    total_duration: 1000,
    prompt_eval_count: promptTokens,
    ...(tokens === 0 ? {} : { eval_count: tokens }),
  };
}

function only({ choices: [choice] }: Answer): AnswerChoice {
  if (choice === undefined) throw new Error('no answer was made');
  return choice;
}

export const ollamaChatSpeech: Speech = {
  path: '/api/chat',
  read,
  refusal: (message) => JSON.stringify({ error: message }),
  stream(response, _generation, made) {
    response.writeHead(200, { 'content-type': 'application/x-ndjson' });
    const choice = only(made);
    const send = (value: Json) => response.write(`${JSON.stringify({ ...envelope(), ...value })}\n`);
    for (const content of choice.text) send({ message: { role: 'assistant', content }, done: false });
    send({ message: { role: 'assistant', content: '' }, ...ending(made, choice) });
    response.end();
  },
  whole(_generation, made) {
    const choice = only(made);
    const message = { role: 'assistant', content: choice.text.join('') };
    return { ...envelope(), message, ...ending(made, choice) };
  },
};
