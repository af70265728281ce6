/** The scenarios of the matrix. */
import { apiOf } from '../apis/index.ts';
import type { Api, ApiId } from '../model/api.ts';
import { type CaseId, type ScenarioId, scenarioIds } from '../model/case-id.ts';
import type { Scenario } from '../model/scenario.ts';
import { abort } from './abort.ts';
import { conversation } from './conversation.ts';
import { count } from './count.ts';
import { grow } from './grow.ts';
import { listPrompts } from './list-prompts.ts';
import { n2 } from './n2.ts';
import { overlong } from './overlong.ts';
import { parallel } from './parallel.ts';
import { repeat } from './repeat.ts';
import { sequence } from './sequence.ts';
import { stop } from './stop.ts';
import { text } from './text.ts';
import { variants } from './variants.ts';

export { type Scenario, type Suite, suites } from '../model/scenario.ts';

const byId: ReadonlyMap<ScenarioId, Scenario> = new Map(
  [
    text,
    stop,
    ...grow,
    repeat,
    conversation,
    n2,
    listPrompts,
    parallel,
    sequence,
    abort,
    overlong,
    count,
    ...variants,
  ].map((scenario) => [scenario.id, scenario]),
);

export function scenarioOf(id: ScenarioId): Scenario {
  const scenario = byId.get(id);
  if (scenario === undefined) throw new Error(`no such scenario: ${id}`);
  return scenario;
}

/** In the order of a run. */
export const scenarios: readonly Scenario[] = scenarioIds.map(scenarioOf);

/** What it does, in the words of an API. */
export const aboutOf = ({ about }: Scenario, { terms }: Api): string =>
  typeof about === 'string' ? about : about(terms.asks);

/** Whether an API has what a scenario needs. */
export const suits = ({ needs }: Scenario, { features }: Api): boolean =>
  needs.every((feature) => features.has(feature));

/** The cases of a scenario for an API: streams first, so that a whole answer can be given the time its twin took. */
export function casesOf(api: ApiId, { id, modes, everyOption }: Scenario): readonly CaseId[] {
  const options = apiOf(api).usageOptions;
  const asking = options.length === 0 ? (['-'] as const) : options;
  const streaming = everyOption ? asking : asking.slice(0, 1);
  return modes.flatMap((mode): readonly CaseId[] =>
    (mode === 'stream' ? streaming : (['-'] as const)).map((option) => ({ api, mode, option, scenario: id })),
  );
}
