/** Runs the catalogue over what was seen of a server. Pure: the same observations, the same findings. */

import { catalogue } from '../checks/catalogue.ts';
import { countsAreStale } from '../checks/sequence-independent.ts';
import type {
  AnswerCheck,
  Attempt,
  AttemptCheck,
  Check,
  Instance,
  RelationCheck,
} from '../checks/support/define-check.ts';
import { type ServerView, viewOf } from '../checks/support/server-view.ts';
import { type Answer, endState, usagesDisagree } from '../model/answer.ts';
import type { ApiId } from '../model/api.ts';
import type { Exchange } from '../model/exchange.ts';
import { blocked, type Finding, unjudged, worst } from '../model/finding.ts';
import type { CaseRecord, Observations } from '../model/observations.ts';
import { scenarioOf } from '../scenarios/index.ts';

/** A finding where it is filed, with the exchange that shows it. */
export interface Filed {
  readonly check: Check;
  readonly record: CaseRecord;
  readonly finding: Finding;
  readonly exchange: Exchange | null;
}

/** Whether a break counts as a warning only, so that what depends on it is judged all the same. */
export type Lowers = (check: Check, caseKey: string) => boolean;

/** In whole answers one check stands for these four. */
const STANDS_FOR = new Set(['usage-present', 'usage-complete', 'usage-integers', 'usage-total']);

function needsIn(check: Check, record: CaseRecord): readonly string[] {
  if (record.id.mode === 'stream') return check.needs;
  return [...new Set(check.needs.map((id) => (STANDS_FOR.has(id) ? 'nonstream-usage' : id)))];
}

/** All findings, in catalogue order, each filed at its case. */
export function findAll(seen: Observations, lowers: Lowers): readonly Filed[] {
  const findings = new Map<string, Map<string, Finding>>();
  const view = viewOf(seen, findings);
  const stale = countsAreStale(view);
  const filed: Filed[] = [];

  const obstacle = (check: Check, record: CaseRecord): Finding | null => {
    for (const need of needsIn(check, record)) {
      const found = view.found(need, record.key);
      if (found === undefined || found.verdict === 'pass') continue;
      if (found.verdict === 'skip' && !found.blocked) continue;
      if (found.verdict === 'broken' && (found.mild || lowers(checkOf(need), record.key))) continue;
      return blocked(
        found.verdict === 'broken'
          ? `${need}: did not hold here`
          : `${need}: was not judged (${found.reason})`,
      );
    }
    return null;
  };

  const file = (
    check: Check,
    record: CaseRecord,
    finding: Finding | undefined,
    exchange: Exchange | null,
  ) => {
    if (finding === undefined) return;
    filed.push({ check, record, finding, exchange });
    const byCase = findings.get(check.id) ?? new Map<string, Finding>();
    findings.set(check.id, byCase.set(record.key, finding));
  };

  for (const check of catalogue) {
    if (check.given?.(seen) === false) continue;
    if (check.kind === 'relation') {
      for (const api of apisOf(seen)) fileRelation(check, api, view, obstacle, file);
      continue;
    }
    for (const record of seen.cases.values()) {
      if (!applies(check, record)) continue;
      const [finding, exchange] = judgeCase(check, record, view, stale, obstacle);
      file(check, record, finding, exchange);
    }
  }
  return filed;
}

const byId = new Map(catalogue.map((check) => [check.id, check]));

export function checkOf(id: string): Check {
  const check = byId.get(id);
  if (check === undefined) throw new Error(`no such check: ${id}`);
  return check;
}

function apisOf(seen: Observations): readonly ApiId[] {
  return [...new Set([...seen.cases.values()].map(({ id }) => id.api))];
}

function applies(check: AnswerCheck | AttemptCheck, { id }: CaseRecord): boolean {
  if (scenarioOf(id.scenario).relation || !check.modes.includes(id.mode)) return false;
  if (check.scenarios !== undefined && !check.scenarios.includes(id.scenario)) return false;
  return check.options === undefined || id.option === '-' || check.options.includes(id.option);
}

/** Why a case that was not sent has no findings of its own. */
function notSent({ state }: CaseRecord): Finding | null {
  if (state.kind === 'skipped') return blocked(state.reason);
  return state.kind === 'errored' ? unjudged(state.reason) : null;
}

type Obstacle = (check: Check, record: CaseRecord) => Finding | null;

function judgeCase(
  check: AnswerCheck | AttemptCheck,
  record: CaseRecord,
  view: ServerView,
  stale: boolean,
  obstacle: Obstacle,
): [Finding | undefined, Exchange | null] {
  const hindrance = notSent(record) ?? obstacle(check, record);
  if (hindrance !== null) return [hindrance, null];
  const judged = view.attempts(record.key).map((attempt) => ({
    exchange: attempt.exchange,
    finding: check.kind === 'attempt' ? check.judge(attempt, view) : judgeAnswer(check, attempt, view, stale),
  }));
  const finding = worst(judged.flatMap((one) => one.finding ?? []));
  return [finding, judged.find((one) => one.finding === finding)?.exchange ?? null];
}

function judgeAnswer(
  check: AnswerCheck,
  { answer }: Attempt,
  view: ServerView,
  stale: boolean,
): Finding | undefined {
  if (answer === null) return blocked('request-answered: no answer of the kind asked for');
  return unreadable(check, answer, stale) ?? check.judge(answer, view);
}

/** What keeps usage, finishes or numbers of an answer from being read. */
function unreadable(check: AnswerCheck, answer: Answer, stale: boolean): Finding | null {
  if (check.reads === 'events') return null;
  if (answer.kind === 'stream') {
    if (answer.stream.error !== null) return blocked('error-ends-stream: the stream ended in an error');
    const end = endState(answer.stream, answer.ending);
    if (end === 'cut' || end === 'early' || end === 'twice-with-more')
      return blocked('stream-end: the stream did not end as it should');
    if (check.reads === 'counts' && usagesDisagree(answer.stream))
      return blocked('usage-once: several usages disagree');
  }
  return check.reads === 'counts' && stale
    ? blocked('sequence-independent: counts belong to other requests')
    : null;
}

function fileRelation(
  check: RelationCheck,
  api: ApiId,
  view: ServerView,
  obstacle: Obstacle,
  file: (check: Check, record: CaseRecord, finding: Finding | undefined, exchange: Exchange | null) => void,
) {
  for (const instance of check.instances(api, view)) {
    const record = view.seen.cases.get(instance.filedAt);
    if (record === undefined) continue;
    file(check, record, judgeInstance(check, instance, record, view, obstacle), exchangeOf(instance, view));
  }
}

function judgeInstance(
  check: RelationCheck,
  instance: Instance,
  record: CaseRecord,
  view: ServerView,
  obstacle: Obstacle,
) {
  const hindrance = notSent(record);
  if (hindrance !== null) return hindrance;
  for (const key of instance.compares) {
    const compared = view.seen.cases.get(key);
    const found = compared === undefined ? null : (notSentOf(compared) ?? obstacle(check, compared));
    if (found !== null) return found;
  }
  return instance.judge();
}

/** A compared case that was not sent blocks the comparison, whatever kept it. */
function notSentOf(record: CaseRecord): Finding | null {
  return record.state.kind === 'sent'
    ? null
    : blocked(`${record.key} was not judged: ${record.state.reason}`);
}

function exchangeOf(instance: Instance, view: ServerView): Exchange | null {
  return instance.exchange ?? view.attempts(instance.filedAt).at(-1)?.exchange ?? null;
}
