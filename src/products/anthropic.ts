/** Anthropic's own service. It is not recognised over HTTP: `--label` names it. */
import type { CountedProduct } from './product.ts';
import { documented } from './tokenizer-endpoint.ts';

/**
 * https://docs.anthropic.com/en/api/messages-count-tokens, which calls its count an estimate. Ready for the Messages
 * API: the other APIs have no such request.
 */
const endpoints = documented(
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

export const anthropic: CountedProduct = { id: 'anthropic', gateway: false, endpoints };
