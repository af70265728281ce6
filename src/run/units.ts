/** What a run sends, unit by unit: an API's scenarios in the order in which they are listed. Pure. */

import { apiOf } from '../apis/index.ts';
import { type Catalogue, catalogueOf } from '../checks/catalogue.ts';
import type { ApiId } from '../model/api.ts';
import { type CaseId, caseKey } from '../model/case-id.ts';
import type { Selection } from '../model/selection.ts';
import { type Scenario, type Suite, suites, suits } from '../scenarios/index.ts';

/** What is sent, judged and confirmed together. The three grow scenarios are one unit: their lengths belong together. */
export interface Unit {
  readonly api: ApiId;
  readonly name: string;
  readonly scenarios: readonly Scenario[];
  readonly cases: readonly CaseId[];
}

/** The cases of one scenario for an API: streams first, so that a whole answer can be given the time its twin took. */
export function casesOf(api: ApiId, scenario: Scenario): readonly CaseId[] {
  const options = apiOf(api).usageOptions;
  const asking = options.length === 0 ? (['-'] as const) : options;
  const streaming = scenario.course === 'text' ? asking : asking.slice(0, 1);
  return scenario.modes.flatMap((mode): CaseId[] =>
    mode === 'stream'
      ? streaming.map((option) => ({ api, mode, option, scenario: scenario.id }))
      : [{ api, mode, option: '-' as const, scenario: scenario.id }],
  );
}

/** Scenarios that the selected checks can be judged by; null: any. */
function scenariosNeeded(selection: Selection, { checks }: Catalogue): ReadonlySet<string> | null {
  const needed = new Set<string>(['text']);
  for (const check of checks) {
    if (!selection.check(check.id)) continue;
    const wanted = check.scenarios;
    if (wanted === undefined || wanted === 'all') return null;
    for (const id of wanted) needed.add(id);
  }
  return needed;
}

/** All units of a run. The plain text unit of an API always comes along: later units are judged against it. */
export function planUnits(
  apis: readonly ApiId[],
  suite: Suite,
  selection: Selection,
  catalogue: Catalogue = catalogueOf(),
): readonly Unit[] {
  const { scenarios } = catalogue;
  const needed = scenariosNeeded(selection, catalogue);
  const reach = suites.indexOf(suite);
  const names = [
    ...new Set(scenarios.map((scenario) => (scenario.course === 'grow' ? 'grow' : scenario.id))),
  ];
  const units = names.flatMap((name) =>
    apis.map((api): Unit => {
      const members = scenarios.filter(
        (scenario) => (scenario.course === 'grow' ? 'grow' : scenario.id) === name,
      );
      const held = members.filter(
        (scenario) => suites.indexOf(scenario.suite) <= reach && suits(scenario, apiOf(api)),
      );
      return { api, name, scenarios: held, cases: held.flatMap((scenario) => casesOf(api, scenario)) };
    }),
  );
  const wanted = units.filter(
    (unit) =>
      unit.cases.some((id) => selection.case(caseKey(id))) &&
      (needed === null || unit.scenarios.some(({ id }) => needed.has(id))),
  );
  const used = new Set(wanted.map(({ api }) => api));
  const sent = new Set([...wanted, ...units.filter((unit) => unit.name === 'text' && used.has(unit.api))]);
  return units.filter((unit) => unit.cases.length > 0 && sent.has(unit));
}
