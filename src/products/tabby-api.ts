/** TabbyAPI. It tells no version over HTTP. */
import { ownedBy } from './owned-by.ts';
import { documented } from './tokenizer-endpoint.ts';

/**
 * https://github.com/theroyallab/tabbyAPI, endpoints/core/router.py: it takes messages, too, but renders them without
 * the generation prompt that a chat has. The beginning-of-text token is always counted here; a completion has it where
 * the model's files say so (backends/exllamav3/model.py).
 */
const endpoints = documented(
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

/** https://github.com/theroyallab/tabbyAPI, endpoints/core/types/model.py: the owner of each model card. */
export const tabbyApi = ownedBy('tabbyAPI', {
  id: 'tabbyapi',
  title: 'TabbyAPI',
  homepage: 'https://github.com/theroyallab/tabbyAPI',
  endpoints,
});
