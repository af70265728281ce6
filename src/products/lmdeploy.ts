/** LMDeploy's `api_server`. It tells no version over HTTP. */
import { ownedBy } from './owned-by.ts';
import { documented } from './tokenizer-endpoint.ts';

/** https://lmdeploy.readthedocs.io, api_server: text only. */
const endpoints = documented(
  (prompt) =>
    prompt.kind === 'text'
      ? { path: '/v1/encode', body: { input: prompt.text, do_preprocess: false, add_bos: true } }
      : null,
  ['length'],
);

/** https://github.com/InternLM/lmdeploy, lmdeploy/serve/openai/protocol.py: the owner of each model card. */
export const lmDeploy = ownedBy('lmdeploy', {
  id: 'lmdeploy',
  title: 'LMDeploy',
  homepage: 'https://github.com/InternLM/lmdeploy',
  endpoints,
});
