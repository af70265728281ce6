import { scenario } from './define.ts';
import { freshPrompt } from './prompts.ts';

export const repeat = scenario({
  id: 'repeat',
  about: 'a fresh prompt cold, then warm, limit 8',
  asks({ id, seed, attempt }) {
    const ask = { prompt: freshPrompt(seed, `repeat/${id.api}/${id.mode}/${attempt}`), limit: 8 };
    return [ask, ask];
  },
});
