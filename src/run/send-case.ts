/** Sends the requests of one case and files what came. */

import { apiOf } from '../apis/index.ts';
import { keyOf } from '../checks/support/server-view.ts';
import type { Ask, Mode } from '../model/api.ts';
import { type CaseId, caseKey } from '../model/case-id.ts';
import type { Exchange } from '../model/exchange.ts';
import type { CaseRecord } from '../model/observations.ts';
import { isAnswer, outcomeOf } from '../model/outcome.ts';
import { scenarioOf } from '../scenarios/index.ts';
import { freshPrompt, growPrompt, overlongPrompt } from '../scenarios/prompts.ts';
import { SEQUENCE, sequencePrompt } from '../scenarios/sequence.ts';
import { followUp } from './follow-up.ts';
import type { RunMemory } from './run-memory.ts';
import type { Session } from './session.ts';

/** ms in which a server sees that its client left: what still runs then is not in flight together with what follows. */
const TIME_TO_NOTICE = 250;

const growSize = (scenario: string, memory: RunMemory) =>
  Math.max(2, Math.floor(Number(scenario.slice('grow-'.length)) / memory.shrink));

/** @param attempt 0 for the first sending; prompts that had to be new are new again with each. */
export async function sendCase(
  session: Session,
  id: CaseId,
  memory: RunMemory,
  attempt: number,
): Promise<CaseRecord> {
  const key = caseKey(id);
  const file = (state: CaseRecord['state']): CaseRecord => ({ id, key, state });
  const stopped = session.stopped();
  if (stopped !== null) return file({ kind: 'errored', reason: stopped.message });
  const scenario = scenarioOf(id.scenario);
  const api = apiOf(id.api);
  const { seed } = session.options;
  const one = (ask: Ask, how = {}) =>
    session.ask(api, id.mode, api.encode(ask, id.mode, id.option, seed), key, how);
  const plain = async (...asks: readonly Ask[]) => {
    const exchanges: Exchange[] = [];
    for (const ask of asks) exchanges.push(await one(ask));
    return file({ kind: 'sent', material: { kind: 'plain', exchanges } });
  };
  const grow = (words: number): Ask => ({ prompt: growPrompt(words, seed), limit: 8 });
  /** As long as it was when it was sent alone; lengths may have been halved since, for another API. */
  const grown = (name: 'grow-20' | 'grow-80' | 'grow-240') =>
    growPrompt(memory.growWords.get(keyOf(id.api, id.mode, name)) ?? growSize(name, memory), seed);

  switch (scenario.course) {
    case 'text': {
      const exchange = await one(scenario.ask);
      // At once: one of the plain requests that follow may be what the server dies of.
      if (isAnswer(outcomeOf(exchange, api, id.mode, session.model)))
        session.served({ api, mode: id.mode, body: api.encode(scenario.ask, id.mode, id.option, seed) });
      return file({ kind: 'sent', material: { kind: 'plain', exchanges: [exchange] } });
    }
    case 'plain':
      return plain(scenario.ask);
    case 'stop': {
      const seen = stopString(session, id, memory);
      return seen === null
        ? file({ kind: 'skipped', reason: 'no earlier answer has text to take a stop string from' })
        : plain({ ...scenario.ask, stop: [seen] });
    }
    case 'grow':
      memory.growWords.set(key, growSize(id.scenario, memory));
      return plain(grow(growSize(id.scenario, memory)));
    case 'repeat': {
      const ask = { prompt: freshPrompt(seed, `repeat/${id.api}/${id.mode}/${attempt}`), limit: 8 };
      return plain(ask, ask);
    }
    case 'list':
      return plain({
        prompt: (['grow-20', 'grow-80'] as const).map(grown),
        limit: 8,
      });
    case 'parallel': {
      const parts = [
        { alone: keyOf(id.api, 'stream', 'text'), ask: scenario.ask },
        ...(['grow-20', 'grow-80', 'grow-240'] as const).map((name) => ({
          alone: keyOf(id.api, 'stream', name),
          ask: { prompt: grown(name), limit: 8 },
        })),
      ].filter(({ alone }) => memory.cases.has(alone));
      if (parts.length < 2)
        return file({ kind: 'skipped', reason: 'fewer than two requests were answered alone' });
      const together = await Promise.all(
        parts.map(async ({ alone, ask }) => ({
          alone,
          exchange: await session.follow(api, id.mode, api.encode(ask, id.mode, id.option, seed), false),
        })),
      );
      const settled = file({ kind: 'sent', material: { kind: 'parallel', together } });
      for (const { exchange } of together) await session.watch(exchange, key);
      return settled;
    }
    case 'sequence': {
      await session.rude(api, '{"model": "m", "messages": [');
      const rounds: Array<{ first: Exchange; second: Exchange }> = [];
      for (const step of SEQUENCE) {
        const ask = { prompt: sequencePrompt(step, memory.shrink, seed, attempt), limit: step.limit };
        const first = await one(ask);
        rounds.push({ first, second: await one(ask) });
      }
      return file({ kind: 'sent', material: { kind: 'sequence', rounds } });
    }
    case 'abort': {
      const first = await one(scenario.ask, { leaveAfterFirstDelta: true });
      await session.pause(TIME_TO_NOTICE);
      return followUp(session, id, memory, first);
    }
    case 'overlong': {
      if (session.context !== null && session.context > 200_000) {
        return file({
          kind: 'skipped',
          reason: `a prompt over ${session.context} tokens is too large to send`,
        });
      }
      const first = await one({ prompt: overlongPrompt(session.context, seed), limit: 8 });
      return followUp(session, id, memory, first);
    }
  }
}

/** A piece of text from the middle of the plain answer: a word where there is one. */
function stopString(session: Session, id: CaseId, memory: RunMemory): string | null {
  for (const mode of ['stream', 'nonstream'] satisfies Mode[]) {
    const record = memory.cases.get(keyOf(id.api, mode, 'text'));
    if (record?.state.kind !== 'sent' || record.state.material.kind !== 'plain') continue;
    for (const exchange of record.state.material.exchanges) {
      const outcome = outcomeOf(exchange, apiOf(id.api), mode, session.model);
      const choices =
        outcome.kind === 'stream'
          ? outcome.stream.choices
          : outcome.kind === 'whole'
            ? outcome.answer.choices
            : null;
      const text = choices?.[0]?.text ?? '';
      const half = text.slice(Math.floor(text.length / 2));
      const word = /[\p{L}\p{N}]{3,}/u.exec(half)?.[0] ?? /[\p{L}\p{N}]{2,}/u.exec(text)?.[0];
      if (word !== undefined) return word.slice(0, 12);
    }
  }
  return null;
}
