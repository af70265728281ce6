import { scenario } from './define.ts';
import { grownPrompt } from './grow.ts';

export const listPrompts = scenario({
  id: 'list-prompts',
  needs: ['prompt-lists'],
  optional: true,
  about: 'two of the grow prompts in one request, limit 8',
  asks: (sending) => [
    { prompt: ([20, 80] as const).map((length) => grownPrompt(length, sending)), limit: 8 },
  ],
});
