import type { Exchange } from '../model/exchange.ts';
import type { CaseState } from '../model/observations.ts';
import type { Sender } from '../model/scenario.ts';
import { PLAIN } from './text.ts';

/** ms */
const PAUSE_BEFORE_RETRY = 1000;

/** The plain request after one that may have harmed the server; a failure is believed where it comes twice. */
export async function followUp(sender: Sender, first: Exchange): Promise<CaseState> {
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
  return { kind: 'sent', material: { kind: 'follow-up', first, followUps } };
}
