import type { Api, Ask, Substitute } from '../model/api.ts';
import type { MistypedField } from '../model/exchange.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import {
  ANY_TOOL,
  dropped,
  objectOr,
  text,
  turnsOf,
  WEATHER,
  WEATHER_CALL,
  WEATHER_FUNCTION,
  without,
} from './fields.ts';
import { holdsText, mistypedAmong, NONE } from './mistyped.ts';
import { hiddenBy, openAiApi, sharedBody, unstreamed } from './openai.ts';

function tools(kind: Ask['tools']): JsonObject {
  if (kind === undefined) return {};
  if (kind === 'answered') return { tools: [WEATHER_FUNCTION] };
  const choice = kind === 'called' ? { type: 'function', function: { name: WEATHER.name } } : 'none';
  return { tools: [WEATHER_FUNCTION], tool_choice: choice };
}

/** Nine letters and digits: Mistral's templates take no other. */
const CALL_ID = 'call00001';

/** As OpenAI answers a call: `content` is null. */
const ANSWERED: readonly JsonObject[] = [
  {
    role: 'assistant',
    content: null,
    tool_calls: [
      {
        id: CALL_ID,
        type: 'function',
        function: { name: WEATHER.name, arguments: JSON.stringify(WEATHER_CALL.arguments) },
      },
    ],
  },
  { role: 'tool', tool_call_id: CALL_ID, content: WEATHER_CALL.result },
];

function messagesOf({ prompt, earlier = [], image, tools: kind }: Ask): readonly JsonObject[] {
  const content =
    image === undefined
      ? prompt
      : [
          { type: 'text', text: prompt },
          { type: 'image_url', image_url: { url: image } },
        ];
  return [...turnsOf(earlier, content), ...(kind === 'answered' ? ANSWERED : [])];
}

function readToolCalls(message: JsonObject): string {
  const calls = message.tool_calls;
  const list = Array.isArray(calls) ? (calls as unknown[]) : [];
  const single = message.function_call;
  return [...list.map((call) => (isJsonObject(call) ? call.function : undefined)), single]
    .filter(isJsonObject)
    .map((call) => text(call.name) + text(call.arguments))
    .join('');
}

/** A delta (stream) or a message (whole answer): the same fields. */
function readMessage(message: unknown) {
  if (!isJsonObject(message)) return { text: '', reasoning: '', toolCalls: '' };
  return {
    text: text(message.content) + text(message.refusal),
    reasoning: text(message.reasoning_content) || text(message.reasoning),
    toolCalls: 'tool_calls' in message || 'function_call' in message ? readToolCalls(message) : '',
  };
}

/** All other fields of a delta are free, `reasoning` and `refusal` among them. */
function mistypedIn({ delta }: JsonObject): readonly MistypedField[] {
  if (!isJsonObject(delta)) return NONE;
  const { content, reasoning_content: reasoning } = delta;
  if (holdsText(content) && holdsText(reasoning) && !('tool_calls' in delta)) return NONE;
  const calls = Array.isArray(delta.tool_calls) ? delta.tool_calls : [];
  return mistypedAmong([
    ['delta.content', content],
    ['delta.reasoning_content', reasoning],
    ...calls.map(
      (call) => ['the arguments of a tool call', objectOr(objectOr(call).function).arguments] as const,
    ),
  ]);
}

/** A refusal about the window ("'max_tokens' or 'max_completion_tokens' is too large") is not about the name. */
const ABOUT_SIZE = /context|too (?:long|large|many)|exceed|maximum|at least|at most|less than|greater than/i;
const NOT_WANTED = /\binstead\b|unsupported|not\s+supported|unrecogni[sz]ed|deprecated/i;

const NEWER_LIMIT: Substitute = {
  name: 'max_tokens',
  note: 'refused; max_completion_tokens is sent instead',
  isMeant: (reason) => NOT_WANTED.test(reason) || !ABOUT_SIZE.test(reason),
  apply: (body) =>
    body.max_tokens === undefined
      ? body
      : { ...without(body, 'max_tokens'), max_completion_tokens: body.max_tokens },
};

/** OpenAI chat completions: https://platform.openai.com/docs/api-reference/chat */
export const chat: Api = openAiApi({
  id: 'chat',
  title: 'chat',
  operation: 'chat',
  path: '/chat/completions',
  chunkObject: 'chat.completion.chunk',
  features: new Set([
    ...(['n', 'tools', 'tool-choice', 'json', 'stop', 'logprobs'] as const),
    ...(['penalties', 'reasoning', 'newer-limit'] as const),
    ...(['conversation', 'tool-result', 'image'] as const),
  ]),
  promptFields: ['messages', 'tools'],
  substitutes: [NEWER_LIMIT, dropped('temperature'), dropped('seed'), ANY_TOOL],
  encode: (ask, mode, option, seed) => ({
    messages: messagesOf(ask),
    ...sharedBody(ask, mode, option, seed),
    ...tools(ask.tools),
    ...(ask.json ? { response_format: { type: 'json_object' } } : {}),
    ...(ask.logprobs ? { logprobs: true, top_logprobs: 2 } : {}),
    ...(ask.reasoning ? { reasoning_effort: 'low' } : {}),
  }),
  readDelta: (choice) => readMessage(choice.delta),
  readMessage: (choice) => readMessage(choice.message),
  mistypedIn,
  promptOf(body) {
    const { messages } = body;
    if (!Array.isArray(messages) || !messages.every(isJsonObject)) return null;
    // How many tokens a picture takes is between a server and its model.
    if (messages.some(({ content }) => Array.isArray(content))) return null;
    return { kind: 'chat', messages, body: unstreamed(body), hiddenBy: hiddenBy(body) };
  },
});
