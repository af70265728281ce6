/** LocalAI. It is not recognised over HTTP: `--label` names it. */
import type { CountedProduct } from './product.ts';
import { documented, named } from './tokenizer-endpoint.ts';

/**
 * https://localai.io: `/v1/tokenize`, text only. Its llama.cpp backend (backend/cpp/llama-cpp/grpc-server.cpp,
 * TokenizeString) leaves out the beginning-of-text token, which a completion has.
 */
const endpoints = documented(
  (prompt, model) =>
    prompt.kind === 'text' ? { path: '/v1/tokenize', body: { ...named(model), content: prompt.text } } : null,
  ['tokens'],
  { below: 0, above: 1 },
);

export const localAi: CountedProduct = { id: 'localai', gateway: false, endpoints };
