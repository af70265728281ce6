import { type Answer, cutByLimit, isCount, judgedUsage } from '../model/answer.ts';
import type { UsageReport } from '../model/exchange.ts';
import { broken, pass } from '../model/finding.ts';
import { ASKED, answerCheck, STREAM } from './support/define-check.ts';

const three = ({ counts }: UsageReport) => [counts.prompt, counts.completion, counts.total] as const;
const textOf = (report: UsageReport) => JSON.stringify(three(report));

const REPETITIONS = ['partial', 'zero-filled', 'preview', 'incremental', 'cumulative', 'repeated'] as const;

/** Some count that the judged usage has is absent or null. */
const lacks = (report: UsageReport, judged: UsageReport): boolean =>
  three(report).some((count, at) => (count ?? null) === null && (three(judged)[at] ?? null) !== null);

/** What a limit that cut every choice forces them to have together. */
const forcedInAll = (answer: Answer): number | null =>
  cutByLimit(answer) && answer.limit !== null ? answer.limit.tokens * answer.choices.length : null;

const sumOf = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

/**
 * Pieces that a reader would have to add up, which is said only where they do add up: to what the limit forced for all
 * choices, to one token each, or to the last one, and then not where they rise like totals (1, 2, 3).
 */
function isPieces(completions: readonly number[], forced: number | null): boolean {
  if (sumOf(completions) === forced && completions.every((count) => count > 0)) return true;
  if (completions.length < 3) return false;
  if (completions.filter((count) => count === 1).length >= completions.length - 1) return true;
  const pieces = completions.slice(0, -1);
  const rises = pieces.every((count, at) => at === 0 || count > (pieces[at - 1] ?? 0));
  return !rises && sumOf(pieces) === completions.at(-1);
}

/** How several usages relate. */
function repetition(
  reports: readonly UsageReport[],
  judged: UsageReport,
  forced: number | null,
): (typeof REPETITIONS)[number] {
  if (reports.every((report) => report === judged || lacks(report, judged))) return 'partial';
  const complete = reports.filter((report) => !lacks(report, judged));
  if (complete.filter((report) => three(report).some((count) => count !== 0)).length <= 1)
    return 'zero-filled';
  const [first, last] = [complete[0] ?? judged, complete.at(-1) ?? judged];
  const alike = new Set(complete.map(textOf)).size === 1;
  if (reports.length === 2 && !alike && first.beforeContent && !last.beforeContent) return 'preview';
  if (reports.length === 2 && alike) return 'repeated';
  const completions = complete.map(({ counts: { completion } }) =>
    isCount(completion) ? completion : Number.NaN,
  );
  if (isPieces(completions, forced)) return 'incremental';
  const grows = completions.every((count, at) => at === 0 || count >= (completions[at - 1] ?? 0));
  return grows && (completions[0] ?? 0) < (completions.at(-1) ?? 0) ? 'cumulative' : 'repeated';
}

export default answerCheck({
  id: 'usage-once',
  rule: 'usage-once',
  classes: REPETITIONS,
  modes: STREAM,
  options: ASKED,
  needs: ['usage-present'],
  reads: 'usage',
  judge(answer) {
    if (answer.kind !== 'stream') return undefined;
    const { usages, usageCount, afterEnd } = answer.stream;
    const reports = [...usages, ...afterEnd.usages];
    const chunks = usageCount + afterEnd.usages.length;
    const judged = judgedUsage({ usages: reports });
    if (chunks === 1 || judged === null) return pass();
    const last = reports.at(-1);
    const how = repetition(reports, judged, forcedInAll(answer));
    const unlike = how === 'repeated' && new Set(reports.map(textOf)).size > 1;
    return broken({
      expected: 'one chunk with usage',
      class: how,
      numbers: { chunks },
      detail: `${chunks} chunks carry usage${how === 'partial' ? ', and all but one lack counts' : unlike ? ', with different counts' : ''}`,
      frames: [...reports.slice(0, 2), ...(last === undefined || reports.length < 3 ? [] : [last])].map(
        (report) => report.frame,
      ),
    });
  },
});
