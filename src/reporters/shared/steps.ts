/** What going from version to version changes, as lines that every reporter shows in its own way. */

import type { Change, Report, Step } from '../../model/report.ts';
import { compactCases } from './case-list.ts';

const MOST_LINES = 20;

/** "breaks usage-present (chat, 2 cases): null: …" */
function changeLine(word: string, { check, api, observed, cases }: Change): string {
  const where = cases.length === 1 ? (cases[0] ?? '') : `${api}, ${cases.length} cases`;
  return `${word} ${check} (${where})${observed === '' ? '' : `: ${observed}`}`;
}

/** Its headline: "my-server 1.0.0 → my-server 1.1.0: safe". */
export function stepTitle({ from, to, verdict }: Step): string {
  return `${from} → ${to}: ${verdict}`;
}

/** What stands below it, the worst first. */
export function stepLines(step: Step): readonly string[] {
  const lines = [
    ...step.breaks.map((change) => changeLine('breaks', change)),
    ...step.fixes.map((change) => changeLine('fixes', { ...change, observed: `before: ${change.observed}` })),
    ...step.warns.map((change) => changeLine('now warned about:', change)),
    ...step.unjudged.map((change) => changeLine('not comparable:', change)),
    ...compactCases(step.unanswered, 4).map((line) => `no longer answered: ${line}`),
  ];
  if (lines.length <= MOST_LINES) return lines;
  return [...lines.slice(0, MOST_LINES), `… and ${lines.length - MOST_LINES} more: see the JSON report`];
}

/** All steps as flat sentences, for lists. */
export function stepRemarks({ steps = [] }: Report): readonly string[] {
  return steps.map((step) => [stepTitle(step), ...stepLines(step).slice(0, 3)].join('; '));
}
