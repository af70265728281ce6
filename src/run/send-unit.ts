/** Sends the requests of one unit. */

import { apiOf } from '../apis/index.ts';
import { answerOf, countsOf } from '../model/answer.ts';
import { type CaseId, caseKey } from '../model/case-id.ts';
import { exchangesOf } from '../model/material.ts';
import type { CaseRecord } from '../model/observations.ts';
import { outcomeOf } from '../model/outcome.ts';
import { scenarioOf } from '../scenarios/index.ts';
import { CaseSender, type RunMemory } from './case-sender.ts';
import type { Session } from './session.ts';
import type { Unit } from './units.ts';

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
    const shrinks = unit.scenarios.some((scenario) => scenario.shrinks);
    const tooLong = (record: CaseRecord) =>
      refusedAsTooLong(session, record) || cutInSilence(session, record);
    if (!shrinks || memory.shrink >= 8 || !records.some(tooLong)) return records;
    memory.shrink *= 2;
    session.note(
      `prompts too long for the context: grow and sequence lengths are divided by ${memory.shrink}`,
    );
  }
}

async function sendCase(
  session: Session,
  id: CaseId,
  memory: RunMemory,
  attempt: number,
): Promise<CaseRecord> {
  const stopped = session.stopped();
  const state =
    stopped === null
      ? await scenarioOf(id.scenario).send(new CaseSender(session, memory, id, attempt))
      : ({ kind: 'errored', reason: stopped.message } as const);
  return { id, key: caseKey(id), state };
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

function refusedAsTooLong(session: Session, record: CaseRecord): boolean {
  const { api, mode } = record.id;
  return exchangesOf(record).some((exchange) => {
    const outcome = outcomeOf(exchange, apiOf(api), mode, session.model);
    return (
      outcome.kind === 'refused' &&
      /context|too (?:long|large|many)|exceed|maximum|length|tokens/i.test(outcome.reason)
    );
  });
}

/** Ollama cuts what does not fit, and says nothing: then longer prompts need not count more. */
function cutInSilence({ context, model }: Session, record: CaseRecord): boolean {
  if (context === null) return false;
  const { id } = record;
  const api = apiOf(id.api);
  return exchangesOf(record).some((exchange) => {
    const answer = answerOf(exchange, outcomeOf(exchange, api, id.mode, model), api, id);
    const counts = answer === null ? null : countsOf(answer);
    return counts !== null && counts.prompt + (answer?.limit?.tokens ?? 0) > context;
  });
}
