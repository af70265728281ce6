/** What a second server with the same model counts for the same request. */
import type { Reference } from '../model/reference.ts';

export const secondPrompt = (count: number): Reference => ({
  source: 'server',
  name: 'second server',
  authority: 'template-dependent',
  count,
  doubt: 'the second server may use another chat template',
});

/** Of an equal answer with an equal end. */
export const secondCompletion = (count: number): Reference => ({
  source: 'server',
  name: 'second server',
  authority: 'template-dependent',
  count,
  doubt: 'the second server may count held-back tokens otherwise',
});
