import type { Sending } from '../model/scenario.ts';
import { relation, skipped } from './define.ts';
import { grown } from './grow.ts';
import { PLAIN } from './text.ts';

const parts = (sending: Sending) => [{ scenario: 'text' as const, ask: PLAIN }, ...grown(sending)];

export const parallel = relation({
  id: 'parallel',
  about: 'the prompts of text and grow at once',
  asks: (sending) => [...parts(sending), ...parts(sending)].map(({ ask }) => ask),
  async send(sender) {
    const sentAlone = parts(sender).flatMap(({ scenario, ask }) => {
      const earlier = sender.earlier('stream', scenario);
      return earlier === null ? [] : [{ alone: earlier.key, ask }];
    });
    if (sentAlone.length < 2) return skipped('fewer than two requests were answered alone');
    const twins = await sender.askAgain(parts(sender));
    const together = await sender.askTogether(sentAlone);
    return { kind: 'sent', material: { kind: 'parallel', together, twins } };
  },
});
