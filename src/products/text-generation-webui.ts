/** The API of text-generation-webui. It tells no version over HTTP. */
import type { Product, Recognised, ServerEvidence } from './product.ts';
import { comparableRelease, objectAt, ownerOf, shortText } from './readings.ts';
import { documented } from './tokenizer-endpoint.ts';

/** https://github.com/oobabooga/textgen, modules/api: no other server has it. */
const INFO = '/v1/internal/model/info';

async function recognise(evidence: ServerEvidence): Promise<Recognised | null> {
  // Anybody may say "user".
  if (ownerOf(evidence) !== 'user') return null;
  if (shortText((await objectAt(evidence, INFO))?.model_name) === null) return null;
  return { version: null, by: INFO, certainty: 'certain' };
}

/** https://github.com/oobabooga/text-generation-webui, modules/api: text only. */
const endpoints = documented(
  (prompt) =>
    prompt.kind === 'text' ? { path: '/v1/internal/token-count', body: { text: prompt.text } } : null,
  ['length'],
);

export const textGenerationWebui: Product = {
  id: 'text-generation-webui',
  title: 'text-generation-webui',
  homepage: 'https://github.com/oobabooga/text-generation-webui',
  gateway: false,
  recognise,
  comparable: comparableRelease,
  deviations: [],
  endpoints,
};
