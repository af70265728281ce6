/** OpenAI Responses as its documentation has it: https://platform.openai.com/docs/api-reference/responses-streaming */
import type { Answer, AnswerChoice } from './answer.ts';
import { type Asked, cachedOf, fresh, MODEL, only, type Speech } from './other-api-server.ts';
import { chatPrompt } from './prompts.ts';
import { type Generation, isJson, type Json, positiveInteger, refuse } from './request.ts';

const CREATED = 1_790_000_000;

/** Tools as the simulated model knows them. */
function toolsOf(body: Json): Json[] {
  const tools = Array.isArray(body.tools) ? body.tools.filter(isJson) : [];
  return tools.map(({ name, parameters }) => ({ type: 'function', function: { name, parameters } }));
}

function read(body: Json): Generation {
  const limit = positiveInteger(body, 'max_output_tokens', 128);
  if (limit < 16) refuse("Invalid 'max_output_tokens': integer below minimum value.", 'max_output_tokens');
  const tools = toolsOf(body);
  const choice = isJson(body.tool_choice) ? body.tool_choice : {};
  const messages = Array.isArray(body.input) ? body.input : [{ role: 'user', content: body.input }];
  const prompts = chatPrompt({ messages }, tools);
  const format = isJson(body.text) && isJson(body.text.format) ? body.text.format : {};
  return {
    api: 'chat',
    mode: body.stream === true ? 'stream' : 'nonstream',
    option: '-',
    body,
    prompts: prompts.texts,
    promptTokens: prompts.tokens,
    limit,
    limitBy: 'max_tokens',
    temperature: typeof body.temperature === 'number' ? body.temperature : 1,
    n: 1,
    stops: [],
    tools,
    calls: choice.type === 'function' ? String(choice.name) : undefined,
    json: format.type === 'json_object',
    logprobs: false,
    list: false,
    tokenIds: false,
  };
}

function itemOf({ text, tool }: AnswerChoice, id: string): Json {
  if (tool !== undefined)
    return { type: 'function_call', id, name: tool.name, arguments: tool.arguments.join('') };
  const content = [{ type: 'output_text', text: text.join(''), annotations: [] }];
  return { type: 'message', id, role: 'assistant', status: 'completed', content };
}

function ending(asked: Asked, made: Answer, choice: AnswerChoice): Json {
  const cut = choice.finish === 'length';
  return {
    status: cut ? 'incomplete' : 'completed',
    incomplete_details: cut ? { reason: 'max_output_tokens' } : null,
    usage: {
      input_tokens: made.promptTokens,
      input_tokens_details: { cached_tokens: cachedOf(asked, made.promptTokens) },
      output_tokens: choice.tokens,
      output_tokens_details: { reasoning_tokens: choice.reasoning.length },
      total_tokens: made.promptTokens + choice.tokens,
    },
  };
}

function partsOf(choice: AnswerChoice, item: Json): Json[] {
  const item_id = item.id;
  const { text, tool, reasoning } = choice;
  const thoughts = reasoning.map((delta) => ({ type: 'response.reasoning_text.delta', item_id, delta }));
  if (tool !== undefined)
    return [
      ...thoughts,
      { type: 'response.output_item.added', item: { ...item, arguments: '' } },
      ...tool.arguments.map((delta) => ({ type: 'response.function_call_arguments.delta', item_id, delta })),
      { type: 'response.function_call_arguments.done', item_id, arguments: tool.arguments.join('') },
      { type: 'response.output_item.done', item },
    ];
  const whole = text.join('');
  return [
    ...thoughts,
    { type: 'response.output_item.added', item: { ...item, status: 'in_progress', content: [] } },
    { type: 'response.content_part.added', item_id, part: { type: 'output_text', text: '' } },
    ...text.map((delta) => ({ type: 'response.output_text.delta', item_id, delta })),
    { type: 'response.output_text.done', item_id, text: whole },
    { type: 'response.content_part.done', item_id, part: { type: 'output_text', text: whole } },
    { type: 'response.output_item.done', item },
  ];
}

export const responsesSpeech: Speech = {
  path: '/v1/responses',
  framing: 'sse',
  count: { path: '/v1/responses/input_tokens', limit: { max_output_tokens: 16 } },
  read,
  refusal: (message) =>
    JSON.stringify({ error: { type: 'invalid_request_error', message, param: null, code: null } }),
  stream(asked, made) {
    const choice = only(made);
    const begun = { id: fresh('resp'), object: 'response', created_at: CREATED, model: MODEL };
    const open = { ...begun, status: 'in_progress', output: [], usage: null };
    const item = itemOf(choice, fresh('item'));
    const done: Json = { ...begun, output: [item], ...ending(asked, made, choice) };
    const events: Json[] = [
      { type: 'response.created', response: open },
      { type: 'response.in_progress', response: open },
      ...partsOf(choice, item),
      { type: `response.${String(done.status)}`, response: done },
    ];
    return events.map((event, at) => ({
      json: { ...event, sequence_number: at },
      name: String(event.type),
    }));
  },
  whole(asked, made) {
    const choice = only(made);
    const item = itemOf(choice, fresh('item'));
    const begun = { id: fresh('resp'), object: 'response', created_at: CREATED, model: MODEL };
    return { ...begun, output: [item], ...ending(asked, made, choice) };
  },
};
