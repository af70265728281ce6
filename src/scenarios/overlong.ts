import type { Sending } from '../model/scenario.ts';
import { relation, skipped } from './define.ts';
import { followUp } from './follow-up.ts';
import { overlongPrompt } from './prompts.ts';
import { PLAIN } from './text.ts';

/** Tokens. */
const MOST_CONTEXT = 200_000;

const tooLong = ({ context, seed }: Sending) => ({ prompt: overlongPrompt(context, seed), limit: 8 });

export const overlong = relation({
  id: 'overlong',
  suite: 'full',
  about: 'a prompt longer than the context, then the plain request again',
  asks: (sending) => [PLAIN, tooLong(sending), PLAIN],
  async send(sender) {
    const { context } = sender;
    if (context !== null && context > MOST_CONTEXT)
      return skipped(`a prompt over ${context} tokens is too large to send`);
    return followUp(sender, () => sender.ask(tooLong(sender)));
  },
});
