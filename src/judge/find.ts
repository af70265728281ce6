/** Runs the catalogue over what was seen of a server. Pure: the same observations, the same findings. */

import { apiOf } from '../apis/index.ts';
import { judgingOrder, needsInWhole } from '../checks/judging-order.ts';
import type {
  AnswerCheck,
  AttemptCheck,
  Check,
  Instance,
  RelationCheck,
} from '../checks/support/define-check.ts';
import { unreadableEnd, unreadableUsage } from '../checks/support/readable.ts';
import { type CaseAttempt, type ServerView, viewOf } from '../checks/support/server-view.ts';
import { streamsAreSilent } from '../checks/support/silent-streams.ts';
import { countsAreStale } from '../checks/support/stale-counts.ts';
import { type Answer, delivered, promptInDoubt } from '../model/answer.ts';
import type { ApiId } from '../model/api.ts';
import type { CaseId } from '../model/case-id.ts';
import type { Exchange } from '../model/exchange.ts';
import { blocked, type Finding, unjudged, worst } from '../model/finding.ts';
import type { CaseRecord, Observations } from '../model/observations.ts';
import { scenarioOf } from '../scenarios/index.ts';

const REQUEST_ANSWERED = 'request-answered';

/** A finding where it is filed, with the exchange that shows it. */
export interface Filed {
  readonly check: Check;
  readonly record: CaseRecord;
  readonly finding: Finding;
  readonly exchange: Exchange | null;
}

/** Whether a break is only a warning: then the checks that need this one are still judged. */
export type Lowers = (check: Check, caseKey: string) => boolean;

/** What keeps a check from being judged in a case; null where nothing does. */
type Obstacle = (check: Check, record: CaseRecord) => Finding | null;

/** All findings, in the order of the checks given, each filed at its case. */
export function findAll(seen: Observations, checks: readonly Check[], lowers: Lowers): readonly Filed[] {
  const findings = new Map<string, Map<string, Finding>>();
  const view = viewOf(seen, findings);
  const stale = countsAreStale(view);
  const byId = new Map(checks.map((check) => [check.id, check]));
  const inWhole = new Map(checks.map((check) => [check, needsInWhole(check, checks)]));
  const filed = new Map<Check, Filed[]>(checks.map((check) => [check, []]));

  const obstacle: Obstacle = (check, record) => {
    const needs = record.id.mode === 'stream' ? check.needs : (inWhole.get(check) ?? []);
    for (const need of needs) {
      const found = view.found(need, record.key);
      const needed = byId.get(need);
      if (found === undefined || found.verdict === 'pass') continue;
      if (found.verdict === 'skip' && !found.blocked) continue;
      if (found.verdict === 'broken' && (found.mild || (needed !== undefined && lowers(needed, record.key))))
        continue;
      if (found.verdict === 'broken') return blocked(`${need}: did not hold here`);
      const cause = ('cause' in found ? found.cause : undefined) ?? found.reason;
      return { ...blocked(`${need}: was not judged (${found.reason})`), cause };
    }
    const doubt = ({ answer }: CaseAttempt) => answer !== null && promptInDoubt(answer);
    if (check.countsPrompts && view.attempts(record.key).some(doubt))
      return blocked('usage-consistent: the stream counts its prompt in two ways');
    return null;
  };

  const file = (
    check: Check,
    record: CaseRecord,
    finding: Finding | undefined,
    exchange: Exchange | null,
  ) => {
    if (finding === undefined) return;
    filed.get(check)?.push({ check, record, finding, exchange });
    const byCase = findings.get(check.id) ?? new Map<string, Finding>();
    findings.set(check.id, byCase.set(record.key, finding));
  };

  for (const check of judgingOrder(checks)) {
    if (check.comparesReferences && seen.references === undefined) continue;
    if (check.kind === 'relation') {
      for (const api of apisOf(seen)) fileRelation(check, api, view, obstacle, file);
      continue;
    }
    for (const record of seen.cases.values()) {
      if (!applies(check, record.id)) continue;
      // What the server does not have is told once.
      if (record.state.kind === 'absent' && check.id !== REQUEST_ANSWERED) continue;
      const [finding, exchange] = judgeCase(check, record, view, stale, obstacle);
      file(check, record, finding, exchange);
    }
  }
  return [...filed.values()].flat();
}

function apisOf(seen: Observations): readonly ApiId[] {
  return [...new Set([...seen.cases.values()].map(({ id }) => id.api))];
}

/** Whether a check judges such a case. */
export function applies(check: Check, id: CaseId): boolean {
  if (check.kind === 'relation')
    return (
      check.modes.includes(id.mode) && (check.scenarios === 'all' || check.scenarios.includes(id.scenario))
    );
  if (scenarioOf(id.scenario).relation || !check.modes.includes(id.mode)) return false;
  if (check.rule !== undefined && !apiOf(id.api).rules.has(check.rule)) return false;
  if (check.scenarios !== undefined && !check.scenarios.includes(id.scenario)) return false;
  return check.options === undefined || check.options.includes(id.option);
}

/** Why a case that was not sent has no findings of its own. */
function notSent({ state }: CaseRecord): Finding | null {
  if (state.kind === 'skipped' || state.kind === 'absent') return blocked(state.reason);
  return state.kind === 'errored' ? unjudged(state.reason) : null;
}

function judgeCase(
  check: AnswerCheck | AttemptCheck,
  record: CaseRecord,
  view: ServerView<string>,
  stale: boolean,
  obstacle: Obstacle,
): [Finding | undefined, Exchange | null] {
  const reason = notSent(record) ?? obstacle(check, record);
  if (reason !== null) return [reason, null];
  const judged = view.attempts(record.key).map((attempt) => ({
    exchange: attempt.exchange,
    finding: check.kind === 'attempt' ? check.judge(attempt, view) : judgeAnswer(check, attempt, view, stale),
  }));
  const finding = worst(judged.flatMap((one) => one.finding ?? []));
  return [finding, judged.find((one) => one.finding === finding)?.exchange ?? null];
}

function judgeAnswer(
  check: AnswerCheck,
  { answer }: CaseAttempt,
  view: ServerView<string>,
  stale: boolean,
): Finding | undefined {
  if (answer === null) return blocked(`${REQUEST_ANSWERED}: no answer of the kind asked for`);
  return unreadable(check, answer, view, stale) ?? check.judge(answer, view);
}

/** Why usage, finishes or numbers of an answer can't be read; null where they can. */
function unreadable(check: AnswerCheck, answer: Answer, view: ServerView, stale: boolean): Finding | null {
  const { reads } = check;
  const ended = unreadableEnd(answer, reads);
  if (ended !== null) return ended;
  const isSilent = reads !== 'events' && answer.kind === 'stream' && !delivered(answer);
  if (isSilent && streamsAreSilent(answer.id.api, view))
    return blocked('request-answered: the streams of this API deliver nothing');
  const usage = unreadableUsage(answer, reads);
  if (usage !== null) return usage;
  return reads === 'counts' && stale
    ? blocked('sequence-independent: counts belong to other requests')
    : null;
}

function fileRelation(
  check: RelationCheck,
  api: ApiId,
  view: ServerView<string>,
  obstacle: Obstacle,
  file: (check: Check, record: CaseRecord, finding: Finding | undefined, exchange: Exchange | null) => void,
) {
  for (const instance of check.instances(api, view)) {
    const record = view.seen.cases.get(instance.filedAt);
    if (record === undefined || record.state.kind === 'absent') continue;
    file(check, record, judgeInstance(check, instance, record, view, obstacle), exchangeOf(instance, view));
  }
}

function judgeInstance(
  check: RelationCheck,
  instance: Instance,
  record: CaseRecord,
  view: ServerView<string>,
  obstacle: Obstacle,
) {
  const reason = notSent(record);
  if (reason !== null) return reason;
  for (const key of instance.compares) {
    const compared = view.seen.cases.get(key);
    const found = compared === undefined ? null : (notSentOf(compared) ?? obstacle(check, compared));
    if (found !== null) return found;
  }
  return instance.judge();
}

/** A compared case that was not sent blocks the comparison, whatever the reason. */
function notSentOf(record: CaseRecord): Finding | null {
  return record.state.kind === 'sent'
    ? null
    : blocked(`${record.key} was not judged: ${record.state.reason}`);
}

function exchangeOf(instance: Instance, view: ServerView): Exchange | null {
  return instance.exchange ?? view.attempts(instance.filedAt).at(-1)?.exchange ?? null;
}
