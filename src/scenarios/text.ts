import type { Ask } from '../model/api.ts';
import { isAnswer } from '../model/outcome.ts';
import { answered, scenario } from './define.ts';
import { LONG_LIST } from './prompts.ts';

/** The plain request: what other scenarios send is compared with its answer, or followed by it. */
export const PLAIN: Ask = { prompt: LONG_LIST, limit: 16 };

export const text = scenario({
  id: 'text',
  suite: 'smoke',
  everyOption: true,
  about: 'limit 16, with every way to ask for usage or not',
  asks: () => [PLAIN],
  async send(sender) {
    const exchange = await sender.ask(PLAIN);
    // At once: one of the plain requests that follow may be what the server dies of.
    if (isAnswer(sender.outcome(exchange))) sender.served(PLAIN);
    return answered([exchange]);
  },
});
