/** Anthropic Messages as its documentation has it: https://docs.anthropic.com/en/api/messages-streaming */
import type { Answer, AnswerChoice } from './answer.ts';
import { fresh, MODEL, only, type Speech } from './other-api-server.ts';
import { chatPrompt } from './prompts.ts';
import { type Generation, isJson, type Json, positiveInteger, refuse } from './request.ts';

const REASONS = { stop: 'end_turn', length: 'max_tokens', tool_calls: 'tool_use' } as const;

/** Tools as the simulated model knows them. */
function toolsOf(body: Json): Json[] {
  const tools = Array.isArray(body.tools) ? body.tools.filter(isJson) : [];
  return tools.map(({ name, input_schema: parameters }) => ({
    type: 'function',
    function: { name, parameters },
  }));
}

function read(body: Json): Generation {
  if (body.max_tokens === undefined) refuse('max_tokens: Field required');
  const tools = toolsOf(body);
  const choice = isJson(body.tool_choice) ? body.tool_choice : {};
  const system = typeof body.system === 'string' ? [{ role: 'system', content: body.system }] : [];
  const messages = Array.isArray(body.messages) ? [...system, ...body.messages] : body.messages;
  const prompts = chatPrompt({ ...body, messages }, tools);
  return {
    api: 'chat',
    mode: body.stream === true ? 'stream' : 'nonstream',
    option: '-',
    body,
    prompts: prompts.texts,
    promptTokens: prompts.tokens,
    limit: positiveInteger(body, 'max_tokens', 1),
    limitBy: 'max_tokens',
    temperature: typeof body.temperature === 'number' ? body.temperature : 1,
    n: 1,
    stops: Array.isArray(body.stop_sequences) ? body.stop_sequences.map(String) : [],
    tools,
    calls: choice.type === 'tool' ? String(choice.name) : undefined,
    json: false,
    logprobs: false,
    list: false,
    tokenIds: false,
  };
}

/** A part of the prompt comes from the cache, which the three counts say together. */
function inputOf({ promptTokens }: Answer): Json {
  const cached = Math.floor(promptTokens / 3);
  return {
    input_tokens: promptTokens - cached,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: cached,
  };
}

function ending(generation: Generation, choice: AnswerChoice): Json {
  const text = choice.text.join('');
  const whole = choice.finish === 'stop' && generation.stops.length > 0;
  return whole && text !== ''
    ? { stop_reason: 'stop_sequence', stop_sequence: generation.stops[0] }
    : { stop_reason: REASONS[choice.finish], stop_sequence: null };
}

function blocksOf({ text, tool }: AnswerChoice): Array<{ readonly start: Json; readonly deltas: Json[] }> {
  if (tool === undefined) {
    const deltas = text.map((piece): Json => ({ type: 'text_delta', text: piece }));
    return [{ start: { type: 'text', text: '' }, deltas }];
  }
  const deltas = tool.arguments.map((piece): Json => ({ type: 'input_json_delta', partial_json: piece }));
  return [{ start: { type: 'tool_use', id: 'toolu_1', name: tool.name, input: {} }, deltas }];
}

const envelope = (): Json => ({ id: fresh('msg'), type: 'message', role: 'assistant', model: MODEL });

export const messagesSpeech: Speech = {
  path: '/v1/messages',
  framing: 'sse',
  count: { path: '/v1/messages/count_tokens', limit: { max_tokens: 16 } },
  read,
  refusal: (message) => JSON.stringify({ type: 'error', error: { type: 'invalid_request_error', message } }),
  stream(asked, answer) {
    const choice = only(answer);
    const usage = { ...inputOf(answer), output_tokens: 1 };
    const message = { ...envelope(), content: [], stop_reason: null, stop_sequence: null, usage };
    const blocks = blocksOf(choice).flatMap(({ start, deltas }, index) => [
      { type: 'content_block_start', index, content_block: start },
      { type: 'ping' },
      ...deltas.map((delta) => ({ type: 'content_block_delta', index, delta })),
      { type: 'content_block_stop', index },
    ]);
    const delta = ending(asked, choice);
    return [
      { type: 'message_start', message },
      ...blocks,
      { type: 'message_delta', delta, usage: { output_tokens: choice.tokens } },
      { type: 'message_stop' },
    ].map((json) => ({ json, name: json.type }));
  },
  whole(asked, answer) {
    const choice = only(answer);
    const { text, tool } = choice;
    const content = tool
      ? { type: 'tool_use', id: 'toolu_1', name: tool.name, input: argumentsOf(tool.arguments.join('')) }
      : { type: 'text', text: text.join('') };
    const usage = { ...inputOf(answer), output_tokens: choice.tokens };
    return { ...envelope(), content: [content], ...ending(asked, choice), usage };
  },
};

/** Arguments that the limit cut are no JSON. */
function argumentsOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
