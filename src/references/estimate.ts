import type { Reference } from '../model/reference.ts';

/** Characters over four: shown where nothing better is at hand, and never a verdict. */
export function estimateOf(text: string): Reference {
  return {
    source: 'estimate',
    name: 'estimate',
    authority: 'estimate',
    count: Math.max(1, Math.round([...text].length / 4)),
  };
}
