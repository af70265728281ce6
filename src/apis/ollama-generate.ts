import type { Api } from '../model/api.ts';
import { text } from './fields.ts';
import { ollamaApi } from './ollama.ts';

/** Ollama's own generate: https://docs.ollama.com/api/generate */
export const ollamaGenerate: Api = ollamaApi({
  id: 'ollama-generate',
  title: 'Ollama generate',
  path: '/api/generate',
  features: new Set(['stop', 'json', 'penalties']),
  asks: 'prompt',
  says: 'response',
  words: 'response context',
  readDelivered: (value) => ({ text: text(value.response), reasoning: text(value.thinking), toolCalls: '' }),
  encode: (ask) => ({ prompt: ask.prompt }),
});
