/** SGLang. */
import type { Product, Recognised, ServerEvidence } from './product.ts';
import { comparableRelease, objectAt, ownerOf, versionFrom } from './readings.ts';
import { documented, named } from './tokenizer-endpoint.ts';

/** The second is the older name; newer servers call it deprecated. */
const INFO = ['/server_info', '/get_server_info'];

async function recognise(evidence: ServerEvidence): Promise<Recognised | null> {
  if (ownerOf(evidence) !== 'sglang') return null;
  for (const path of INFO) {
    const version = versionFrom((await objectAt(evidence, path))?.version);
    if (version !== null) {
      return { version, by: `owned_by of the model list and ${path}`, certainty: 'certain' };
    }
  }
  return { version: null, by: 'owned_by of the model list', certainty: 'likely' };
}

/** https://docs.sglang.ai/basic_usage/native_api.html: text only. */
const endpoints = documented(
  (prompt, model) =>
    prompt.kind === 'text'
      ? { path: '/v1/tokenize', body: { ...named(model), prompt: prompt.text, add_special_tokens: true } }
      : null,
  ['count', 'tokens'],
);

export const sglang: Product = {
  id: 'sglang',
  title: 'SGLang',
  homepage: 'https://github.com/sgl-project/sglang',
  gateway: false,
  recognise,
  comparable: comparableRelease,
  deviations: [],
  endpoints,
};
