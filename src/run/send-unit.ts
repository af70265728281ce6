/** Sends the requests of one unit. */

import { apiOf } from '../apis/index.ts';
import { answerOf, countsOf } from '../model/answer.ts';
import type { Api } from '../model/api.ts';
import { type CaseId, caseKey } from '../model/case-id.ts';
import type { Exchange } from '../model/exchange.ts';
import { exchangesOf } from '../model/material.ts';
import type { CaseRecord } from '../model/observations.ts';
import { type Outcome, outcomeOf } from '../model/outcome.ts';
import { scenarioOf } from '../scenarios/index.ts';
import { CaseSender, type RunMemory } from './case-sender.ts';
import { isAboutElse, leastNamed, raiseInWords } from './least-limit.ts';
import type { Session } from './session.ts';
import type { Unit } from './units.ts';

/** How often one unit's limits are raised. */
const MOST_RAISES = 3;

/** @param attempt 0 for the first sending; prompts that had to be new are new again with each. */
export async function sendUnit(
  session: Session,
  unit: Unit,
  memory: RunMemory,
  attempt: number,
): Promise<readonly CaseRecord[]> {
  for (;;) {
    const records = await sendWithLimits(session, unit, memory, attempt);
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

/** The unit once more with larger limits, where a refusal names a least one that is over what was sent. */
async function sendWithLimits(
  session: Session,
  unit: Unit,
  memory: RunMemory,
  attempt: number,
): Promise<readonly CaseRecord[]> {
  let records = await sendCases(session, unit, memory, attempt);
  for (let tries = 0; tries < MOST_RAISES && session.options.resends !== false; tries += 1) {
    const named = outcomesOf(session, records).flatMap((one) => leastNamed(...one) ?? []);
    if (named.length === 0) break;
    const before = memory.least;
    const least = Math.max(...named);
    memory.least = least;
    const again = await sendCases(session, unit, memory, attempt);
    const isMet = !outcomesOf(session, again).some((one) => isAboutElse(least, ...one));
    if (!isMet || session.stopped() !== null) {
      memory.least = before;
      break;
    }
    records = again;
    session.note(raiseInWords(least));
  }
  return records;
}

async function sendCases(
  session: Session,
  unit: Unit,
  memory: RunMemory,
  attempt: number,
): Promise<readonly CaseRecord[]> {
  const records: CaseRecord[] = [];
  const atOnce = session.options.concurrency;
  for (let at = 0; at < unit.cases.length; at += atOnce) {
    const some = unit.cases.slice(at, at + atOnce);
    const sent = some.map((id) =>
      isNeverEnding(session, records, id) ? neverEnding(id) : sendCase(session, id, memory, attempt),
    );
    records.push(...(await Promise.all(sent)));
  }
  return records;
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
function isNeverEnding({ options }: Session, records: readonly CaseRecord[], whole: CaseId): boolean {
  if (whole.mode !== 'nonstream') return false;
  const twins = records.filter(
    ({ id }) => id.mode === 'stream' && id.api === whole.api && id.scenario === whole.scenario,
  );
  const stopped = twins.filter(wasStopped);
  // Where the same stream ends as soon as something else is asked for besides, the whole answer may end, too.
  return stopped.length > 0 && (stopped.length === twins.length || options.resends === false);
}

function wasStopped({ state }: CaseRecord): boolean {
  if (state.kind !== 'sent' || state.material.kind !== 'plain') return false;
  return state.material.exchanges.some(
    ({ reply }) => reply.kind === 'response' && reply.body.ending.kind === 'stopped',
  );
}

function refusedAsTooLong(session: Session, record: CaseRecord): boolean {
  return outcomesOf(session, [record]).some(([exchange, api, outcome]) => {
    if (outcome.kind !== 'refused') return false;
    if (session.options.resends !== false && leastNamed(exchange, api, outcome) !== null) return false;
    return /context|too (?:long|large|many)|exceed|maximum|length|tokens/i.test(outcome.reason);
  });
}

function outcomesOf(
  session: Session,
  records: readonly CaseRecord[],
): ReadonlyArray<readonly [Exchange, Api, Outcome]> {
  return records.flatMap((record) =>
    exchangesOf(record).map((exchange) => {
      const api = apiOf(record.id.api);
      return [exchange, api, outcomeOf(exchange, api, record.id.mode, session.model)] as const;
    }),
  );
}

/**
 * Ollama cuts what does not fit, and says nothing: then longer prompts need not count more. OpenAI's own two APIs are not
 * looked at: what a gateway states of a window there may be less than it has.
 */
function cutInSilence(session: Session, record: CaseRecord): boolean {
  const { context } = session;
  if (context === null || !apiOf(record.id.api).discovered) return false;
  return outcomesOf(session, [record]).some(([exchange, api, outcome]) => {
    const answer = answerOf(exchange, outcome, api, record.id);
    const counts = answer === null ? null : countsOf(answer);
    return counts !== null && counts.prompt + (answer?.limit?.tokens ?? 0) > context;
  });
}
