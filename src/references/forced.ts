/** Counts that the request itself forces: exact, whatever the server, and without asking anybody. */

import type { CountedPrompt } from '../model/api.ts';
import type { Reference } from '../model/reference.ts';

/** What `completion-equals-limit` compares with. */
export const FORCED_LENGTH = 'forced length';

/** A prompt of token ids has so many tokens, give or take what a server puts around it: BOS, and with some models EOS. */
export function forcedPrompt(prompt: CountedPrompt): Reference | null {
  if (prompt.kind !== 'ids') return null;
  return {
    source: 'forced',
    name: 'forced prompt ids',
    authority: 'exact',
    count: prompt.count,
    slack: { below: 0, above: 2 },
  };
}
