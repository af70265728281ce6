import type { UsageReport } from '../model/exchange.ts';
import { broken, pass } from '../model/finding.ts';
import { ASKED, answerCheck, STREAM } from './support/define-check.ts';

const three = ({ counts }: UsageReport) => [counts.prompt, counts.completion, counts.total] as const;

const REPETITIONS = ['zero-filled', 'cumulative', 'incremental', 'repeated'] as const;

/** How several usages relate: zeros beside the real one, growing sums, pieces to add up, or repeats. */
function repetition(reports: readonly UsageReport[]): (typeof REPETITIONS)[number] {
  const real = reports.filter((report) => three(report).some((count) => count !== 0));
  if (real.length <= 1) return 'zero-filled';
  const completions = reports.map((report) => Number(report.counts.completion));
  // Pieces of one token each, with or without their sum at the end.
  if (reports.length > 2 && completions.filter((count) => count === 1).length >= reports.length - 1)
    return 'incremental';
  const grows = completions.every((count, at) => at === 0 || count >= (completions[at - 1] ?? 0));
  if (grows && (completions[0] ?? 0) < (completions.at(-1) ?? 0)) return 'cumulative';
  const same = new Set(reports.map((report) => JSON.stringify(three(report)))).size === 1;
  return same ? 'repeated' : 'incremental';
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
    if (chunks === 1) return pass();
    const last = reports.at(-1);
    return broken({
      expected: 'one chunk with usage',
      class: repetition(reports),
      numbers: { chunks },
      detail: `${chunks} chunks carry usage`,
      frames: [...reports.slice(0, 2), ...(last === undefined || reports.length < 3 ? [] : [last])].map(
        (report) => report.frame,
      ),
    });
  },
});
