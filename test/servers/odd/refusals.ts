/** Features, parameters and whole APIs that are refused with a reason. */
import type { Condition } from '../conditions.ts';
import {
  all,
  byNewLimit,
  chat,
  foreign,
  jsonMode,
  legacy,
  listed,
  not,
  several,
  streaming,
  tokenIds,
  toolCalled,
  toolsSent,
  when,
  withLogprobs,
} from '../conditions.ts';
import type { OddServer } from '../entries.ts';
import type { Context, Habits } from '../habits.ts';
import { errorBody } from '../plain-answer.ts';

const refuses = (condition: Condition, message: string, param?: string, status = 400): Habits =>
  when(condition, { instead: () => ({ status, body: errorBody(message, param ?? null) }) });
const absent = (condition: Condition, status: number, body = '{"detail":"Not Found"}'): Habits =>
  when(condition, { instead: () => ({ status, body }) });
const has = (name: string) => (c: Context) => c.body[name] !== undefined && c.body[name] !== null;
/** A new-style reasoning model of OpenAI. */
const reasoning: Habits = {
  traits: { reasoningTokens: 3 },
  instead: (c) => {
    const unsupported = (name: string, hint: string) => ({
      status: 400,
      body: errorBody(
        `Unsupported parameter: '${name}' is not supported with this model.${hint}`,
        name,
        'unsupported_parameter',
      ),
    });
    if (c.api === 'completions')
      return {
        status: 404,
        body: errorBody('This is a chat model and not supported in the v1/completions endpoint.'),
      };
    if (has('max_tokens')(c)) return unsupported('max_tokens', " Use 'max_completion_tokens' instead.");
    if (has('temperature')(c) && c.temperature !== 1)
      return unsupported('temperature', ' Only the default (1) value is supported.');
    return undefined;
  },
};

export const refusals: OddServer[] = [
  {
    name: 'refuses n 2',
    source: 'never a fail: a feature refused',
    habits: refuses(several, 'n must be 1', 'n'),
  },
  {
    name: 'refuses n 2 at temperature 0',
    source: 'vLLM: greedy sampling',
    habits: refuses(
      all(several, (c) => c.temperature === 0),
      'n must be 1 when using greedy sampling, got 2.',
      'n',
    ),
  },
  {
    name: 'ignores n',
    source: 'never a fail: n ignored',
    habits: {
      mapAnswer: (answer, c) =>
        c.n > 1 ? { ...answer, choices: answer.choices.slice(0, c.prompts.length) } : answer,
    },
  },
  {
    name: 'refuses tools',
    source: 'Ollama: does not support tools',
    habits: refuses(toolsSent, 'toy does not support tools', 'tools'),
  },
  {
    name: 'refuses named tools',
    source: 'mistral.rs',
    habits: refuses(toolCalled, "Only 'auto' and 'none' are supported", 'tool_choice'),
  },
  {
    name: 'refuses tool_choice none',
    source: 'never a fail: a feature refused',
    habits: refuses((c) => c.body.tool_choice === 'none', 'tool_choice must be auto', 'tool_choice'),
  },
  {
    name: 'does not call named tools',
    source: 'never a fail: tools not called',
    habits: { traits: { ignoresTools: true } },
  },
  {
    name: 'refuses JSON mode',
    source: 'never a fail: a feature refused',
    habits: refuses(jsonMode, "'response_format' of type json_object is not supported", 'response_format'),
  },
  {
    name: 'refuses lists of prompts',
    source: 'never a fail: a feature refused',
    habits: refuses(listed, 'batched prompts are not supported', 'prompt', 422),
  },
  {
    name: 'refuses token ids',
    source: 'never a fail: a feature refused',
    habits: refuses(tokenIds, 'prompt must be a string', 'prompt', 422),
  },
  {
    name: 'refuses log probabilities',
    source: 'llama-cpp-python: logits_all',
    habits: refuses(
      withLogprobs,
      'logprobs is not supported for models created with logits_all=False',
      'logprobs',
    ),
  },
  {
    name: 'refuses penalties',
    source: 'never a fail: a feature refused',
    habits: refuses(
      (c) => has('frequency_penalty')(c) || has('presence_penalty')(c),
      'penalties are not supported',
      'frequency_penalty',
    ),
  },
  {
    name: 'refuses stop strings',
    source: 'never a fail: a feature refused',
    habits: refuses(has('stop'), "Unsupported parameter: 'stop'", 'stop'),
  },
  {
    name: 'refuses max_completion_tokens',
    source: 'servers older than it',
    habits: refuses(byNewLimit, 'Unknown parameter: max_completion_tokens', 'max_completion_tokens'),
  },
  {
    name: 'refuses max_tokens in chat',
    source: 'reasoning models of OpenAI',
    habits: refuses(
      all(chat, has('max_tokens')),
      "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead.",
      'max_tokens',
    ),
  },
  {
    name: 'refuses temperature 0',
    source: 'reasoning models of OpenAI',
    habits: refuses(
      (c) => has('temperature')(c) && c.temperature !== 1,
      "Unsupported value: 'temperature' does not support 0 with this model. Only the default (1) value is supported.",
      'temperature',
    ),
  },
  { name: 'a reasoning model that refuses both', source: 'OpenAI', habits: reasoning },
  {
    name: 'refuses seed',
    source: 'never a fail: a feature refused',
    habits: refuses(has('seed'), "Unknown parameter: 'seed'", 'seed'),
  },
  {
    name: 'refuses signs beyond ASCII',
    source: 'a 4xx with a reason is skip',
    habits: refuses(foreign, 'only ASCII text is supported', undefined, 422),
  },
  {
    name: 'refuses limits under 16, as OpenAI words it',
    source: 'OpenAI Responses: integer below minimum value',
    habits: refuses(
      (c) => c.limit < 16,
      "Invalid 'max_tokens': integer below minimum value. Expected a value >= 16, but got 8 instead.",
      'max_tokens',
    ),
  },
  {
    name: 'refuses limits under 20 in legacy, and under 10 in chat',
    source: 'never a fail: a limit refused',
    habits: refuses(
      (c) => c.limit < (c.api === 'chat' ? 10 : 20),
      'the limit must be at least 20 (10 in chat)',
    ),
  },
  {
    name: 'refuses the limits 5 and 7 of the sequence',
    source: 'never a fail: a limit refused',
    habits: refuses((c) => c.limit < 8, 'max_tokens must be greater than 7', 'max_tokens'),
  },
  {
    name: 'refuses JSON mode where the prompt has fewer than 100 words',
    source: 'a least value of something else than the limit',
    habits: refuses(jsonMode, 'the prompt must have at least 100 words'),
  },
  { name: 'no legacy API: 404', source: 'never a fail: an API refused', habits: absent(legacy, 404) },
  {
    name: 'no legacy API: 405',
    source: 'never a fail: an API refused',
    habits: absent(legacy, 405, '{"detail":"Method Not Allowed"}'),
  },
  {
    name: 'no legacy API: 501',
    source: 'never a fail: an API refused',
    habits: absent(legacy, 501, errorBody('not implemented')),
  },
  {
    name: 'no legacy API: HTML 404',
    source: 'never a fail: an API refused',
    habits: absent(legacy, 404, '<html><body>Not Found</body></html>'),
  },
  {
    name: 'legacy forbidden: 403',
    source: 'a 403 skips that API',
    habits: absent(legacy, 403, errorBody('no access to this endpoint')),
  },
  { name: 'no chat API: 404', source: 'never a fail: an API refused', habits: absent(chat, 404) },
  {
    name: 'streams only',
    source: 'a 4xx with a reason is skip',
    habits: refuses(not(streaming), 'Only streaming requests are supported: set stream to true', 'stream'),
  },
  {
    name: 'no legacy streams',
    source: 'a 4xx with a reason is skip',
    habits: refuses(all(legacy, streaming), 'Streaming is not supported here', 'stream'),
  },
];
