import type { Sending } from '../model/scenario.ts';
import { comparedWarm, scenario } from './define.ts';
import { grown } from './grow.ts';

/** The two shorter grow prompts, as they were sent alone. */
function askedOf(sending: Sending) {
  const parts = grown(sending).slice(0, 2);
  return { parts, list: { prompt: parts.map(({ ask }) => ask.prompt), limit: 8 } };
}

export const listPrompts = scenario({
  id: 'list-prompts',
  needs: ['prompt-lists'],
  optional: true,
  about: 'two of the grow prompts in one request, limit 8',
  asks(sending) {
    const { parts, list } = askedOf(sending);
    return [list, ...parts.map(({ ask }) => ask), list];
  },
  send(sender) {
    const { parts, list } = askedOf(sender);
    return comparedWarm(sender, list, parts);
  },
});
