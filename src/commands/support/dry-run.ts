import { apiOf } from '../../apis/index.ts';
import { catalogueOf } from '../../checks/catalogue.ts';
import type { ServerTarget } from '../../config/server-target.ts';
import { caseKey } from '../../model/case-id.ts';
import { UsageError } from '../../model/errors.ts';
import type { RunOptions } from '../../run/options.ts';
import { planUnits } from '../../run/units.ts';
import { type Cost, costOf } from '../../scenarios/cost.ts';

const count = (number: number) => number.toLocaleString('en');

/** What the recordings of llama-cpp-python in fixtures/recordings hold, whose context is of 2,048 tokens. */
const HEEDED =
  'that holds where the server heeds its limits: one that ignores a limit may generate until its context is full, with each request that has it (seen of max-completion-tokens: 1,969 tokens for a limit of 8)';

/** What would be sent, and the most tokens it can cost. @throws UsageError where nothing is selected */
export function dryRun(
  targets: readonly ServerTarget[],
  options: Pick<RunOptions, 'apis' | 'suite' | 'catalogue' | 'selection' | 'confirm' | 'seed' | 'repeat'>,
): string {
  const cases = planUnits(
    options.apis,
    options.suite,
    options.selection,
    catalogueOf(options.catalogue),
  ).flatMap(({ cases: ids }) => ids);
  if (cases.length === 0) throw new UsageError('nothing is selected; see lastchunk list cases');
  const costs = cases.map((id) => ({ key: caseKey(id), ...costOf(id, options.seed) }));
  const widest = Math.max(...costs.map(({ key }) => key.length));
  const rows = costs.map(
    ({ key, requests, prompt, generated }) =>
      `${key.padEnd(widest)}  ${requests} request${requests === 1 ? ' ' : 's'}  ≤ ${count(prompt)} prompt + ${count(generated)} generated`,
  );
  const times = targets.length * (options.repeat ?? 1);
  const total = (pick: keyof Cost) => costs.reduce((sum, cost) => sum + cost[pick], 0) * times;
  const line = (sendings: number) =>
    `${count(sendings * total('requests'))} requests, at most ${count(sendings * total('prompt'))} prompt and ${count(sendings * total('generated'))} generated tokens`;
  const servers = `${targets.length} server${targets.length === 1 ? '' : 's'}`;
  const lookedFor = [...new Set(cases.map(({ api }) => api))].filter((api) => apiOf(api).discovered);
  const overlong = cases.some(({ scenario }) => scenario === 'overlong');
  return [
    ...rows,
    `${servers}: ${line(1)} (a token a byte at the very most; usually a quarter)`,
    ...(options.confirm ? [`with every fail asked again: ${line(2)}`] : []),
    HEEDED,
    ...(lookedFor.length > 0
      ? [`one request each tells whether the server has ${lookedFor.join(', ')}: what it lacks costs no more`]
      : []),
    ...(overlong
      ? ['overlong sends as many words as the server states tokens of context, 4,000 if it states none']
      : []),
    'besides, a few GET requests to find model and product, and those for reference counts; nothing was sent',
    '',
  ].join('\n');
}
