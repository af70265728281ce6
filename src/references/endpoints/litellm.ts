/**
 * The LiteLLM proxy: `/utils/token_counter` (https://docs.litellm.ai). It counts with a tokenizer of its own choice, so
 * this is an estimate; and it is a gateway, so it is asked only where `--reference endpoint` says so.
 */

import type { CountedPrompt } from '../../model/api.ts';
import type { Reference } from '../../model/reference.ts';
import { type Asker, countIn, type TokenizerEndpoints } from './endpoint.ts';

const PATH = '/utils/token_counter';

async function count(prompt: CountedPrompt, { model, post }: Asker): Promise<readonly Reference[]> {
  if (prompt.kind === 'ids') return [];
  const asked = prompt.kind === 'text' ? { prompt: prompt.text } : { messages: prompt.messages };
  const counted = countIn(await post(PATH, { model, ...asked }), 'total_tokens');
  return counted === null ? [] : [{ source: 'endpoint', name: PATH, authority: 'estimate', count: counted }];
}

export const litellm: TokenizerEndpoints = { count };
