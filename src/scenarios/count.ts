import type { Ask } from '../model/api.ts';
import type { ScenarioId } from '../model/case-id.ts';
import type { Exchange } from '../model/exchange.ts';
import type { Sending } from '../model/scenario.ts';
import { scenario, skipped } from './define.ts';
import { grown } from './grow.ts';
import { LONG_LIST } from './prompts.ts';
import { PLAIN } from './text.ts';

/** The cases whose prompts are counted, and what they asked for; nothing is generated. */
function counted(sending: Sending): ReadonlyArray<{ readonly scenario: ScenarioId; readonly ask: Ask }> {
  const [, middle] = grown(sending);
  const asked: ReadonlyArray<{ readonly scenario: ScenarioId; readonly ask: Ask }> = [
    { scenario: 'text', ask: PLAIN },
    ...(middle === undefined ? [] : [middle]),
    { scenario: 'tools-offered', ask: { prompt: LONG_LIST, limit: 16, tools: 'offered' } },
  ];
  return asked.map(({ scenario: id, ask }) => ({ scenario: id, ask: { ...ask, limit: 0 } }));
}

const isCounted = ({ reply }: Exchange): boolean =>
  reply.kind === 'response' && reply.status >= 200 && reply.status < 300;

export const count = scenario({
  id: 'count',
  catalogue: 2,
  needs: ['count'],
  modes: ['nonstream'],
  relation: true,
  about: 'the count endpoint counts the prompts of text, grow-80 and tools-offered',
  asks: (sending) => counted(sending).map(({ ask }) => ask),
  async send(sender) {
    const counts: Array<{ of: string; exchange: Exchange }> = [];
    for (const { scenario: id, ask } of counted(sender)) {
      const earlier = sender.earlier('nonstream', id);
      if (earlier === null || !earlier.outcomes.some(({ kind }) => kind === 'whole')) continue;
      const exchange = await sender.count(ask);
      if (exchange === null || !isCounted(exchange)) {
        if (counts.length === 0) return skipped('the server counts no prompts for this API');
        continue;
      }
      counts.push({ of: earlier.key, exchange });
    }
    return { kind: 'sent', material: { kind: 'counted', counts } };
  },
});
