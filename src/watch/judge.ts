/** What the checks say of one answer by itself, and whether its usage can be used. Pure; the same checks judge a run. */
import finishOnce from '../checks/finish-once.ts';
import { needsInWhole } from '../checks/judging-order.ts';
import nonstreamUsage from '../checks/nonstream-usage.ts';
import streamEnd from '../checks/stream-end.ts';
import type { AnswerCheck } from '../checks/support/define-check.ts';
import { judgeError } from '../checks/support/judge-error.ts';
import { unreadableEnd, unreadableUsage } from '../checks/support/readable.ts';
import type { ServerView } from '../checks/support/server-view.ts';
import usageComplete from '../checks/usage-complete.ts';
import usageIntegers from '../checks/usage-integers.ts';
import usageLast from '../checks/usage-last.ts';
import usageNonzero from '../checks/usage-nonzero.ts';
import usageOnce from '../checks/usage-once.ts';
import usagePresent from '../checks/usage-present.ts';
import usageTotal from '../checks/usage-total.ts';
import usageUnrequested from '../checks/usage-unrequested.ts';
import { type Answer, isComplete, judgedUsage, usagesDisagree } from '../model/answer.ts';
import type { UsageOption } from '../model/api.ts';
import { blocked, type Finding } from '../model/finding.ts';

/** Those that can be judged from one exchange and tell what its usage is worth, each behind those that it needs. */
const CHECKS: readonly AnswerCheck[] = [
  streamEnd,
  finishOnce,
  usagePresent,
  usageComplete,
  usageIntegers,
  usageTotal,
  nonstreamUsage,
  usageNonzero,
  usageOnce,
  usageLast,
  usageUnrequested,
];
/** They find that something did not come: where not all was read, nothing tells. */
const BY_ABSENCE: ReadonlySet<AnswerCheck> = new Set([streamEnd, finishOnce, usagePresent, nonstreamUsage]);

const ERROR_CHECK = 'error-ends-stream';

/** A view of nothing else: what these checks judge is one answer. */
const ALONE: ServerView<string> = {
  seen: { model: null, cases: new Map(), context: null, death: null, lost: null, served: new Set() },
  attempts: () => [],
  answer: () => null,
  read: () => ({ outcome: { kind: 'unjudged', reason: '', status: null }, answer: null }),
  fits: () => false,
  provesWindow: () => false,
  found: () => undefined,
  foundIn: () => [],
};

/** What is known of an exchange besides its answer. */
export interface Known {
  /** Usage was asked for; null: not known, and judged as if it were. */
  readonly asked: boolean | null;
  /** All of the answer came and was read, but for what its end decides. */
  readonly whole: boolean;
}

/** Ids of the checks that the answer fails, in the order of the catalogue's groups. */
export function problemsOf(answer: Answer, known: Known): readonly string[] {
  const found = new Map<string, Finding>();
  for (const check of CHECKS) {
    if (!applies(check, answer, known)) continue;
    const finding = judge(check, answer, found);
    if (finding !== undefined) found.set(check.id, finding);
  }
  const error = answer.kind === 'stream' ? answer.stream.error : null;
  if (error !== null) found.set(ERROR_CHECK, judgeError(error));
  return [...found].flatMap(([id, { verdict }]) => (verdict === 'broken' ? [id] : []));
}

function applies(check: AnswerCheck, answer: Answer, { asked, whole }: Known): boolean {
  if (!whole && BY_ABSENCE.has(check)) return false;
  if (!check.modes.includes(answer.kind === 'stream' ? 'stream' : 'nonstream')) return false;
  if (check.rule !== undefined && !answer.api.rules.has(check.rule)) return false;
  const { options } = check;
  if (options === undefined || answer.kind === 'whole') return true;
  const option: UsageOption = asked === false ? 'unasked' : 'asked';
  // What came unasked is used, too: so it is judged.
  return options.includes(option) || (options.includes('asked') && cameAtAll(answer));
}

const cameAtAll = (answer: Answer): boolean => answer.kind === 'stream' && answer.stream.usageCount > 0;

function judge(check: AnswerCheck, answer: Answer, found: ReadonlyMap<string, Finding>): Finding | undefined {
  const needs = answer.kind === 'stream' ? check.needs : needsInWhole(check, CHECKS);
  const fails = needs.find((need) => {
    const finding = found.get(need);
    return finding?.verdict === 'broken' || (finding?.verdict === 'skip' && finding.blocked);
  });
  if (fails !== undefined) return blocked(`${fails}: did not hold here`);
  return (
    unreadableEnd(answer, check.reads) ?? unreadableUsage(answer, check.reads) ?? check.judge(answer, ALONE)
  );
}

const holds = (check: AnswerCheck, answer: Answer): boolean =>
  check.judge(answer, ALONE)?.verdict !== 'broken';

/**
 * Whether the usage that the server sent says what the answer took: complete, of integers, not zero, the last word of the
 * server, and not one of several that contradict each other. A wrong sum alone does no harm: the counts are there.
 */
export function isUsable(answer: Answer): boolean {
  if (answer.kind === 'whole') {
    const finding = nonstreamUsage.judge(answer, ALONE);
    const usage = finding?.verdict !== 'broken' || finding.class === 'sum';
    return answer.counts !== null && usage && holds(usageNonzero, answer);
  }
  const judged = judgedUsage(answer.stream);
  if (judged === null || usagesDisagree(answer)) return false;
  // Running counts of a stream that broke off are not its last.
  if (!judged.atOrAfterFirstFinish && !isComplete(answer)) return false;
  const once = usageOnce.judge(answer, ALONE);
  if (once?.verdict === 'broken' && once.class === 'incremental') return false;
  return [usageComplete, usageIntegers, usageNonzero].every((check) => holds(check, answer));
}
