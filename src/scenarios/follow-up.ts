import type { Exchange } from '../model/exchange.ts';
import type { CaseState } from '../model/observations.ts';
import type { Sender } from '../model/scenario.ts';
import { PLAIN } from './text.ts';

/** ms */
const PAUSE_BEFORE_RETRY = 1000;

/**
 * The plain request before and after one that may harm the server; a failure is believed where it comes twice.
 * @param harm sends that one
 */
export async function followUp(sender: Sender, harm: () => Promise<Exchange>): Promise<CaseState> {
  const twins = await sender.askAgain([{ scenario: 'text', ask: PLAIN }]);
  const first = await harm();
  const followUps: Exchange[] = [];
  const servedBefore = sender.earlier('stream', 'text')?.outcomes.some(({ kind }) => kind === 'stream');
  if (servedBefore && !sender.halted) {
    for (const again of [false, true]) {
      if (again) await sender.pause(PAUSE_BEFORE_RETRY);
      const exchange = await sender.followUp(PLAIN, again);
      followUps.push(exchange);
      if (sender.outcome(exchange).kind === 'stream') break;
      if (again) sender.notServed(exchange);
    }
  }
  return { kind: 'sent', material: { kind: 'follow-up', first, followUps, twins } };
}
