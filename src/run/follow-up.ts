/** What is asked after something rude. */
import { apiOf } from '../apis/index.ts';
import { keyOf } from '../checks/support/server-view.ts';
import { type CaseId, caseKey } from '../model/case-id.ts';
import type { Exchange } from '../model/exchange.ts';
import type { CaseRecord, Material } from '../model/observations.ts';
import { outcomeOf } from '../model/outcome.ts';
import { scenarioOf } from '../scenarios/index.ts';
import type { RunMemory } from './run-memory.ts';
import type { Session } from './session.ts';

const SECOND_TRY_PAUSE = 1000;

/** The plain streaming request after something rude; tried once more on a fresh connection before it is believed. */
export async function followUp(
  session: Session,
  id: CaseId,
  memory: RunMemory,
  first: Exchange,
): Promise<CaseRecord> {
  const api = apiOf(id.api);
  const key = caseKey(id);
  const text = memory.cases.get(keyOf(id.api, 'stream', 'text'));
  const servedBefore =
    text?.state.kind === 'sent' &&
    text.state.material.kind === 'plain' &&
    text.state.material.exchanges.some(
      (exchange) => outcomeOf(exchange, 'stream', session.model).kind === 'stream',
    );
  const followUps: Exchange[] = [];
  if (servedBefore && session.halt === null) {
    const body = api.buildBody(scenarioOf('text').ask, 'stream', id.option, session.options.seed);
    const served = (exchange: Exchange) => outcomeOf(exchange, 'stream', session.model).kind === 'stream';
    for (const fresh of [false, true]) {
      // mlx-lm reads a prompt of thousands of tokens to its end, though the client has left, before it serves the next one.
      const exchange = await session.follow(api, 'stream', body, fresh, fresh);
      followUps.push(exchange);
      if (served(exchange)) break;
      if (!fresh) await session.pause(SECOND_TRY_PAUSE);
    }
    const last = followUps.at(-1);
    if (last !== undefined && gone(last)) session.lose(key);
    else if (last?.reply.kind === 'response' && last.reply.status >= 500) session.unserved = key;
  }
  return {
    id,
    key,
    state: { kind: 'sent', material: { kind: 'follow-up', first, followUps } satisfies Material },
  };
}

function gone({ reply }: Exchange): boolean {
  if (reply.kind === 'unreachable' || reply.kind === 'dropped' || reply.kind === 'silent') return true;
  return reply.kind === 'response' && reply.body.ending.kind === 'stopped';
}
