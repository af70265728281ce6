/**
 * llama-cpp-python: `/extras/tokenize/count`. Tried with 0.2.84, 0.2.87 and 0.3.36. It knows text only, parses special
 * tokens, and puts the beginning-of-text token in front where the model's file says so. Completions of 0.2.x put it there
 * where the file says nothing, too, so one more than the endpoint counts is a true count.
 */

import type { Reference } from '../../model/reference.ts';
import type { CountedPrompt } from '../counted-request.ts';
import { type Asker, countIn, fromEndpoint, type TokenizerEndpoints } from './endpoint.ts';

async function count(prompt: CountedPrompt, { post }: Asker): Promise<readonly Reference[]> {
  // Which template a chat gets does not show over HTTP; an empty prompt is replaced by the token it begins with.
  if (prompt.kind !== 'text' || prompt.text === '') return [];
  const counted = countIn(await post('/extras/tokenize/count', { input: prompt.text }), 'count');
  return fromEndpoint('/extras/tokenize/count', counted).map((reference) => ({
    ...reference,
    slack: { below: 0, above: 1 },
  }));
}

export const llamaCppPython: TokenizerEndpoints = { count };
