import type { Api } from '../model/api.ts';
import type { JsonObject } from '../model/json.ts';
import { dropped, text } from './fields.ts';
import { holdsText, mistypedAmong, NONE } from './mistyped.ts';
import { hiddenBy, openAiApi, sharedBody, unstreamed } from './openai.ts';

const readText = (choice: JsonObject) => ({ text: text(choice.text), reasoning: '', toolCalls: '' });

/** OpenAI legacy completions: https://platform.openai.com/docs/api-reference/completions */
export const completions: Api = openAiApi({
  id: 'completions',
  title: 'completions',
  operation: 'text_completion',
  path: '/completions',
  chunkObject: 'text_completion',
  features: new Set(['n', 'prompt-lists', 'token-ids', 'stop', 'logprobs', 'penalties']),
  promptFields: ['prompt'],
  // No other name of the limit is known here: a substitute would be no limit at all.
  substitutes: [dropped('temperature'), dropped('seed')],
  encode: (ask, mode, option, seed) => ({
    prompt: ask.prompt,
    ...sharedBody(ask, mode, option, seed),
    ...(ask.logprobs ? { logprobs: 2 } : {}),
  }),
  readDelta: readText,
  readMessage: readText,
  mistypedIn: ({ text: said }) => (holdsText(said) ? NONE : mistypedAmong([['text', said]])),
  promptOf(body) {
    const { prompt } = body;
    if (typeof prompt === 'string')
      return { kind: 'text', text: prompt, body: unstreamed(body), hiddenBy: hiddenBy(body) };
    const ids = Array.isArray(prompt) && prompt.length > 0 && prompt.every((id) => typeof id === 'number');
    return ids ? { kind: 'ids', count: prompt.length } : null;
  },
});
