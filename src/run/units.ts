/** What a run sends, unit by unit: an API's scenarios in the order in which they are listed. Pure. */

import { apiGroups, apiOf } from '../apis/index.ts';
import { type Catalogue, catalogueOf } from '../checks/catalogue.ts';
import type { ApiId } from '../model/api.ts';
import { type CaseId, caseKey } from '../model/case-id.ts';
import type { Selection } from '../model/selection.ts';
import { casesOf, type Scenario, type Suite, suites, suits } from '../scenarios/index.ts';

/** What is sent, judged and confirmed together. */
export interface Unit {
  readonly api: ApiId;
  readonly name: string;
  readonly scenarios: readonly Scenario[];
  readonly cases: readonly CaseId[];
}

const unitOf = ({ id, unit = id }: Scenario): string => unit;

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
  const names = [...new Set(scenarios.map(unitOf))];
  const groups = apiGroups.map((group) => group.filter((api) => apis.includes(api)));
  const unitFor = (api: ApiId, name: string): Unit => {
    const members = scenarios.filter(
      (scenario) =>
        unitOf(scenario) === name && suites.indexOf(scenario.suite) <= reach && suits(scenario, apiOf(api)),
    );
    return { api, name, scenarios: members, cases: members.flatMap((scenario) => casesOf(api, scenario)) };
  };
  const units = groups.flatMap((group) => names.flatMap((name) => group.map((api) => unitFor(api, name))));
  const wanted = units.filter(
    (unit) =>
      unit.cases.some((id) => selection.case(caseKey(id))) &&
      (needed === null || unit.scenarios.some(({ id }) => needed.has(id))),
  );
  const used = new Set(wanted.map(({ api }) => api));
  const sent = new Set([...wanted, ...units.filter((unit) => unit.name === 'text' && used.has(unit.api))]);
  return units.filter((unit) => unit.cases.length > 0 && sent.has(unit));
}
