/** Makes scenarios: what most have in common, and the parts that procedures are made of. */
import type { Ask } from '../model/api.ts';
import type { Exchange } from '../model/exchange.ts';
import type { CaseState, Together, Twice } from '../model/observations.ts';
import { isAnswer } from '../model/outcome.ts';
import type { Part, Scenario, Sender } from '../model/scenario.ts';

type Usual = 'suite' | 'needs' | 'modes' | 'everyOption' | 'shrinks' | 'optional' | 'relation' | 'malformed';

/** What a scenario says of itself; the rest is as usual. */
type Own = Omit<Scenario, Usual | 'send'> & Partial<Pick<Scenario, Usual | 'send'>>;

/** Requests are sent one after another, in both modes, and each answer is judged; in so far as it does not say otherwise. */
export function scenario(own: Own): Scenario {
  const { asks } = own;
  return {
    suite: 'standard',
    needs: [],
    modes: ['stream', 'nonstream'],
    everyOption: false,
    shrinks: false,
    optional: false,
    relation: false,
    malformed: 0,
    send: async (sender) => answered(await askEach(sender, asks(sender))),
    ...own,
  };
}

/** Only how several requests bear on each other is judged, and only in streams. */
export const relation = (own: Own & Pick<Scenario, 'send'>): Scenario =>
  scenario({ modes: ['stream'], relation: true, ...own });

export async function askEach(sender: Sender, asks: readonly Ask[]): Promise<readonly Exchange[]> {
  const exchanges: Exchange[] = [];
  for (const ask of asks) exchanges.push(await sender.ask(ask));
  return exchanges;
}

export async function askTwice(sender: Sender, ask: Ask): Promise<Twice> {
  const first = await sender.ask(ask);
  return { first, second: await sender.ask(ask) };
}

/** @param words of the prompt, where its length counts */
export const answered = (exchanges: readonly Exchange[], words?: number): CaseState => ({
  kind: 'sent',
  material: { kind: 'plain', exchanges, ...(words === undefined ? {} : { words }) },
});

/**
 * Sends a request that is compared with others which were answered alone. Where it is answered, they and it are sent once
 * more: each has then been sent before, so that a server which counts less of what it knows already is not misjudged.
 */
export async function comparedWarm(sender: Sender, ask: Ask, parts: readonly Part[]): Promise<CaseState> {
  const cold = await sender.ask(ask);
  if (!sender.resends || !isAnswer(sender.outcome(cold))) return answered([cold]);
  const twins: Together = await sender.askAgain(parts);
  return { kind: 'sent', material: { kind: 'plain', exchanges: [cold, await sender.ask(ask)], twins } };
}

export const skipped = (reason: string): CaseState => ({ kind: 'skipped', reason });
