import type { Api, Ask } from '../model/api.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import {
  OPENAI_STREAM_OPTIONS,
  readChoices,
  readEnvelope,
  readError,
  readUsage,
  sharedBody,
  text,
  usageField,
} from './openai.ts';

const WEATHER_TOOL: JsonObject = {
  type: 'function',
  function: {
    name: 'get_weather',
    description: 'Get the weather of a city',
    parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
  },
};

function tools(kind: Ask['tools']): JsonObject {
  if (kind === undefined) return {};
  const choice = kind === 'called' ? { type: 'function', function: { name: 'get_weather' } } : 'none';
  return { tools: [WEATHER_TOOL], tool_choice: choice };
}

function readToolCalls(message: JsonObject): string {
  const calls = message['tool_calls'];
  const list = Array.isArray(calls) ? (calls as unknown[]) : [];
  const single = message['function_call'];
  return [...list.map((call) => (isJsonObject(call) ? call['function'] : undefined)), single]
    .filter(isJsonObject)
    .map((call) => text(call['name']) + text(call['arguments']))
    .join('');
}

/** A delta (stream) or a message (whole answer): the same fields. */
function readMessage(message: unknown) {
  if (!isJsonObject(message)) return { text: '', reasoning: '', toolCalls: '' };
  return {
    text: text(message['content']) + text(message['refusal']),
    reasoning: text(message['reasoning_content']) || text(message['reasoning']),
    toolCalls: 'tool_calls' in message || 'function_call' in message ? readToolCalls(message) : '',
  };
}

/** OpenAI chat completions: https://platform.openai.com/docs/api-reference/chat */
export const chat: Api = {
  id: 'chat',
  title: 'chat',
  path: '/chat/completions',
  framing: 'sse',
  endMarker: '[DONE]',
  streamOptions: OPENAI_STREAM_OPTIONS,
  chunkObject: 'chat.completion.chunk',
  buildBody: (ask, mode, option, seed) => ({
    messages: [{ role: 'user', content: ask.prompt }],
    ...sharedBody(ask, mode, option, seed),
    ...tools(ask.tools),
    ...(ask.json ? { response_format: { type: 'json_object' } } : {}),
    ...(ask.logprobs ? { logprobs: true, top_logprobs: 2 } : {}),
    ...(ask.reasoning ? { reasoning_effort: 'low' } : {}),
  }),
  readChunk: (value) => ({
    usage: usageField(value),
    choices: readChoices(value, (choice) => readMessage(choice['delta'])),
    envelope: readEnvelope(value),
    error: readError(value),
    ends: false,
  }),
  readAnswer: (value) => ({
    usage: usageField(value),
    choices: readChoices(value, (choice) => readMessage(choice['message'])),
    envelope: readEnvelope(value),
  }),
  readUsage,
};
