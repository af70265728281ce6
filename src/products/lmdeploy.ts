/** LMDeploy's `api_server`. It tells no version over HTTP. */
import { ownedBy } from './owned-by.ts';

/** https://github.com/InternLM/lmdeploy, lmdeploy/serve/openai/protocol.py: the owner of each model card. */
export const lmDeploy = ownedBy('lmdeploy', {
  id: 'lmdeploy',
  title: 'LMDeploy',
  homepage: 'https://github.com/InternLM/lmdeploy',
});
