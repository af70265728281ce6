/** Products whose endpoints are known from public documentation and sources only: none of them was tried here. */
import type { JsonObject } from '../../model/json.ts';
import type { Reference } from '../../model/reference.ts';
import { type CountedPrompt, hiddenPromptBy } from '../counted-request.ts';
import { type Asker, countIn, fromEndpoint, lengthOf, type TokenizerEndpoints, UNTRIED } from './endpoint.ts';

type Request = { readonly path: string; readonly body: JsonObject } | null;

/**
 * One POST, and a field of its answer with the count or the list of tokens. `slack`: a token that the endpoint leaves
 * out, or puts in, where a request may not.
 */
function documented(
  request: (prompt: Exclude<CountedPrompt, { kind: 'ids' }>, model: string | null) => Request,
  fields: readonly string[],
  slack?: { readonly below: number; readonly above: number },
): TokenizerEndpoints {
  return {
    async count(prompt: CountedPrompt, { model, post }: Asker): Promise<readonly Reference[]> {
      if (prompt.kind === 'ids' || hiddenPromptBy(prompt.body) !== null) return [];
      const asked = request(prompt, model);
      if (asked === null) return [];
      const made = await post(asked.path, asked.body);
      const counted = lengthOf(made) ?? countIn(made, ...fields);
      return fromEndpoint(asked.path, counted, UNTRIED).map((reference) => ({
        ...reference,
        ...(slack === undefined ? {} : { slack }),
      }));
    },
  };
}

const named = (model: string | null): JsonObject => (model === null ? {} : { model });

/** https://docs.sglang.ai/basic_usage/native_api.html: text only. */
export const sglang = documented(
  (prompt, model) =>
    prompt.kind === 'text'
      ? { path: '/v1/tokenize', body: { ...named(model), prompt: prompt.text, add_special_tokens: true } }
      : null,
  ['count', 'tokens'],
);

/** https://huggingface.github.io/text-generation-inference/: `/tokenize` answers with a bare list. */
export const tgi = documented(
  (prompt, model) =>
    prompt.kind === 'text'
      ? { path: '/tokenize', body: { inputs: prompt.text } }
      : { path: '/chat_tokenize', body: { ...named(model), messages: prompt.messages } },
  ['tokenize_response'],
);

/**
 * https://localai.io: `/v1/tokenize`, text only. Its llama.cpp backend (backend/cpp/llama-cpp/grpc-server.cpp,
 * TokenizeString) leaves out the beginning-of-text token, which a completion has.
 */
export const localAi = documented(
  (prompt, model) =>
    prompt.kind === 'text' ? { path: '/v1/tokenize', body: { ...named(model), content: prompt.text } } : null,
  ['tokens'],
  { below: 0, above: 1 },
);

/** https://lmdeploy.readthedocs.io, api_server: text only. */
export const lmDeploy = documented(
  (prompt) =>
    prompt.kind === 'text'
      ? { path: '/v1/encode', body: { input: prompt.text, do_preprocess: false, add_bos: true } }
      : null,
  ['length'],
);

/**
 * https://github.com/theroyallab/tabbyAPI, endpoints/core/router.py: it takes messages, too, but renders them without
 * the generation prompt that a chat has. The beginning-of-text token is always counted here; a completion has it where
 * the model's files say so (backends/exllamav3/model.py).
 */
export const tabbyApi = documented(
  (prompt) =>
    prompt.kind === 'text'
      ? {
          path: '/v1/token/encode',
          body: { text: prompt.text, add_bos_token: true, encode_special_tokens: true },
        }
      : null,
  ['length', 'tokens'],
  { below: 1, above: 0 },
);

/** https://github.com/oobabooga/text-generation-webui, modules/api: text only. */
export const textGenerationWebui = documented(
  (prompt) =>
    prompt.kind === 'text' ? { path: '/v1/internal/token-count', body: { text: prompt.text } } : null,
  ['length'],
);

/**
 * https://docs.anthropic.com/en/api/messages-count-tokens, which calls its count an estimate. Ready for the Messages
 * API: the other APIs have no such request.
 */
export const anthropic = documented(
  (prompt) => {
    if (prompt.kind !== 'chat') return null;
    const { model, messages, system, tools } = prompt.body;
    return {
      path: '/v1/messages/count_tokens',
      body: {
        model,
        messages,
        ...(system === undefined ? {} : { system }),
        ...(tools === undefined ? {} : { tools }),
      },
    };
  },
  ['input_tokens'],
);
