import type { Api } from '../model/api.ts';
import type { JsonObject } from '../model/json.ts';
import { objectOr, text, turnsOf, WEATHER_FUNCTION } from './fields.ts';
import { ollamaApi } from './ollama.ts';

function readToolCalls({ tool_calls: calls }: JsonObject): string {
  return (Array.isArray(calls) ? calls : [])
    .map((call) => objectOr(objectOr(call).function))
    .map(({ name, arguments: given }) => text(name) + (given === undefined ? '' : JSON.stringify(given)))
    .join('');
}

/** Ollama's own chat: https://docs.ollama.com/api/chat */
export const ollamaChat: Api = ollamaApi({
  id: 'ollama-chat',
  title: 'Ollama chat',
  path: '/api/chat',
  features: new Set(['stop', 'tools', 'json', 'penalties', 'conversation']),
  rendersAs: 'chat',
  asks: 'messages',
  says: 'message',
  words: 'message role assistant content',
  readDelivered(value) {
    const message = objectOr(value.message);
    return {
      text: text(message.content),
      reasoning: text(message.thinking),
      toolCalls: 'tool_calls' in message ? readToolCalls(message) : '',
    };
  },
  encode: (ask) => ({
    messages: turnsOf(ask.earlier ?? [], ask.prompt),
    ...(ask.tools === undefined ? {} : { tools: [WEATHER_FUNCTION] }),
  }),
});
