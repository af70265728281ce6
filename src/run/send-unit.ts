/** Sends the requests of one unit and files what came, case by case. */
import type { Ask, Mode } from '../apis/api.ts';
import { apiOf } from '../apis/index.ts';
import type { CaseRecord, Material } from '../checks/observations.ts';
import { outcomeOf } from '../checks/outcome.ts';
import { keyOf } from '../checks/server-view.ts';
import type { Exchange } from '../exchange.ts';
import { type CaseId, caseKey } from '../plan/case-id.ts';
import { freshPrompt, growPrompt, overlongPrompt } from '../plan/prompts.ts';
import { scenarioOf } from '../plan/scenarios.ts';
import { SEQUENCE, sequencePrompt } from '../plan/sequence.ts';
import type { Unit } from '../plan/units.ts';
import type { Session } from './session.ts';

/** What later units need to know of earlier ones. */
export interface RunMemory {
  readonly cases: Map<string, CaseRecord>;
  /** Words of each grow case as sent. */
  readonly growWords: Map<string, number>;
  /** Grow and sequence lengths are divided by this; doubles where a prompt was refused as too long, three times at most. */
  shrink: number;
}

const SECOND_TRY_PAUSE = 1000;
/** ms in which a server sees that its client left: what still runs then is not in flight together with what follows. */
const TIME_TO_NOTICE = 250;

const growSize = (scenario: string, memory: RunMemory) =>
  Math.max(2, Math.floor(Number(scenario.slice('grow-'.length)) / memory.shrink));

/** @param attempt 0 for the first sending; prompts that had to be new are new again with each. */
export async function sendUnit(
  session: Session,
  unit: Unit,
  memory: RunMemory,
  attempt: number,
): Promise<readonly CaseRecord[]> {
  for (;;) {
    const records: CaseRecord[] = [];
    const atOnce = session.options.concurrency;
    for (let at = 0; at < unit.cases.length; at += atOnce) {
      const some = unit.cases.slice(at, at + atOnce);
      const sent = some.map((id) =>
        records.some((record) => neverEndingTwin(record, id))
          ? neverEnding(id)
          : sendCase(session, id, memory, attempt),
      );
      records.push(...(await Promise.all(sent)));
    }
    const lengths = unit.name === 'grow' || unit.name === 'sequence';
    if (!lengths || memory.shrink >= 8 || !records.some((record) => refusedAsTooLong(session, record)))
      return records;
    memory.shrink *= 2;
    session.note(`prompts refused as too long: grow and sequence lengths are divided by ${memory.shrink}`);
  }
}

function neverEnding(id: CaseId): CaseRecord {
  const reason = 'not sent: the stream of the same request did not end in time';
  return { id, key: caseKey(id), state: { kind: 'errored', reason } };
}

/** What streams for longer than we wait gives a whole answer no sooner: asking would only look like a silence. */
function neverEndingTwin({ id, state }: CaseRecord, whole: CaseId): boolean {
  if (whole.mode !== 'nonstream' || id.mode !== 'stream') return false;
  if (id.api !== whole.api || id.scenario !== whole.scenario) return false;
  if (state.kind !== 'sent' || state.material.kind !== 'plain') return false;
  return state.material.exchanges.some(
    ({ reply }) => reply.kind === 'response' && reply.body.ending.kind === 'stopped',
  );
}

function refusedAsTooLong(session: Session, { id, state }: CaseRecord): boolean {
  if (state.kind !== 'sent') return false;
  const { material } = state;
  const exchanges =
    material.kind === 'plain'
      ? material.exchanges
      : material.kind === 'sequence'
        ? material.rounds.map(({ second }) => second)
        : [];
  return exchanges.some((exchange) => {
    const outcome = outcomeOf(exchange, id.mode, session.model);
    return (
      outcome.kind === 'refused' &&
      /context|too (?:long|large|many)|exceed|maximum|length|tokens/i.test(outcome.reason)
    );
  });
}

async function sendCase(
  session: Session,
  id: CaseId,
  memory: RunMemory,
  attempt: number,
): Promise<CaseRecord> {
  const key = caseKey(id);
  const file = (state: CaseRecord['state']): CaseRecord => ({ id, key, state });
  if (session.halt !== null) return file({ kind: 'errored', reason: session.halt.message });
  if (session.options.signal.aborted) return file({ kind: 'errored', reason: 'interrupted' });
  const scenario = scenarioOf(id.scenario);
  const api = apiOf(id.api);
  const { seed } = session.options;
  const one = (ask: Ask, how = {}) =>
    session.ask(api, id.mode, api.buildBody(ask, id.mode, id.option, seed), key, how);
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
    case 'text':
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
          exchange: await session.follow(api, id.mode, api.buildBody(ask, id.mode, id.option, seed), false),
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

/** The plain streaming request after something rude; tried once more on a fresh connection before it is believed. */
async function followUp(
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

/** A piece of text from the middle of the plain answer: a word where there is one. */
function stopString(session: Session, id: CaseId, memory: RunMemory): string | null {
  for (const mode of ['stream', 'nonstream'] satisfies Mode[]) {
    const record = memory.cases.get(keyOf(id.api, mode, 'text'));
    if (record?.state.kind !== 'sent' || record.state.material.kind !== 'plain') continue;
    for (const exchange of record.state.material.exchanges) {
      const outcome = outcomeOf(exchange, mode, session.model);
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
