import type { Api } from '../model/api.ts';
import type { JsonObject } from '../model/json.ts';
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

const readText = (choice: JsonObject) => ({ text: text(choice['text']), reasoning: '', toolCalls: '' });

/** OpenAI legacy completions: https://platform.openai.com/docs/api-reference/completions */
export const completions: Api = {
  id: 'completions',
  title: 'completions',
  path: '/completions',
  framing: 'sse',
  endMarker: '[DONE]',
  streamOptions: OPENAI_STREAM_OPTIONS,
  chunkObject: 'text_completion',
  buildBody: (ask, mode, option, seed) => ({
    prompt: ask.prompt,
    ...sharedBody(ask, mode, option, seed),
    ...(ask.logprobs ? { logprobs: 2 } : {}),
  }),
  readChunk: (value) => ({
    usage: usageField(value),
    choices: readChoices(value, readText),
    envelope: readEnvelope(value),
    error: readError(value),
    ends: false,
  }),
  readAnswer: (value) => ({
    usage: usageField(value),
    choices: readChoices(value, readText),
    envelope: readEnvelope(value),
  }),
  readUsage,
};
