import { caseKey } from '../plan/case-id.ts';
import { scenarioOf } from '../plan/scenarios.ts';
import { planUnits, requestsOf } from '../plan/units.ts';
import type { RunOptions, ServerTarget } from '../run/options.ts';
import { UsageError } from './exit.ts';

/** Tokens of a prompt, at the most, by its scenario: words of the longest prompts times what small vocabularies need. */
const MOST_PROMPT_TOKENS = 1300;

/** What would be sent, and the most tokens it can cost. @throws UsageError where nothing is selected */
export function dryRun(
  targets: readonly ServerTarget[],
  options: Pick<RunOptions, 'apis' | 'suite' | 'selection' | 'confirm' | 'repeat'>,
): string {
  const cases = planUnits(options.apis, options.suite, options.selection).flatMap(({ cases: ids }) => ids);
  if (cases.length === 0) throw new UsageError('nothing is selected; see lastchunk list cases');
  const lines = cases.map((id) => {
    const { ask } = scenarioOf(id.scenario);
    const requests = requestsOf(id);
    return { key: caseKey(id), requests, generated: requests * ask.limit * (ask.n ?? 1) };
  });
  const times = (options.confirm ? 2 : 1) * (options.repeat ?? 1);
  const sum = (pick: 'requests' | 'generated') =>
    lines.reduce((total, line) => total + line[pick], 0) * times * targets.length;
  const rows = lines.map(
    ({ key, requests, generated }) =>
      `${key.padEnd(48)} ${String(requests).padStart(3)} requests, at most ${generated} tokens generated`,
  );
  return [
    ...rows,
    `${targets.length} server(s): at most ${sum('requests')} requests${options.confirm ? ' (with every fail asked again)' : ''}, ` +
      `${sum('generated')} generated and about ${sum('requests') * MOST_PROMPT_TOKENS} prompt tokens at the very most; nothing was sent`,
    '',
  ].join('\n');
}
