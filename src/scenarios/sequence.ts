import type { Twice } from '../model/observations.ts';
import type { Sending } from '../model/scenario.ts';
import { askTwice, relation } from './define.ts';
import { words } from './prompts.ts';

/** No two have the same prompt or the same limit. */
const STEPS = [
  { length: 8, limit: 5 },
  { length: 60, limit: 12 },
  { length: 20, limit: 7 },
  { length: 120, limit: 16 },
] as const;

/** Prompts are new with each attempt. */
const steps = (sending: Sending) =>
  STEPS.map(({ length, limit }) => {
    const list = words(sending.words(length), sending.seed, `sequence/${length}/${sending.attempt}`);
    return { prompt: `${length}: go on with this list of words, as a very long list: ${list}`, limit };
  });

export const sequence = relation({
  id: 'sequence',
  shrinks: true,
  about: 'a refused request, then four very different ones, each twice',
  malformed: 1,
  asks: (sending) => steps(sending).flatMap((ask) => [ask, ask]),
  async send(sender) {
    await sender.sendMalformed('{"model": "m", "messages": [');
    const rounds: Twice[] = [];
    for (const ask of steps(sender)) rounds.push(await askTwice(sender, ask));
    return { kind: 'sent', material: { kind: 'sequence', rounds } };
  },
});
