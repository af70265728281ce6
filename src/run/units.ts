/** What a run sends, unit by unit: an API's scenarios in the order in which they are listed. Pure. */

import { apiGroups, apiOf } from '../apis/index.ts';
import { type Catalogue, catalogueOf } from '../checks/catalogue.ts';
import type { Check } from '../checks/support/define-check.ts';
import type { ApiId, Mode } from '../model/api.ts';
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

/** Sent before all else, of every API: what they show is most of what there is to say. */
const PLAIN: ReadonlySet<string> = new Set(['text', 'short']);

export const isPlain = ({ name }: Pick<Unit, 'name'>): boolean => PLAIN.has(name);

/**
 * How a run goes about its units.
 * 1: one group of APIs after the other; so it was in recordings that name none.
 * 2: the plain requests of all APIs first; only the modes and relations that a selected check can be judged by.
 */
export type Planning = 1 | 2;

/** It is judged in each answer by itself, and reads no count: of counts a relation may tell that all are another request's. */
function standsAlone(check: Check, all: readonly Check[]): boolean {
  if (check.kind === 'relation' || check.consults.length > 0) return false;
  if (check.kind === 'answer' && check.reads === 'counts') return false;
  return check.needs.every((id) => all.some((need) => need.id === id && standsAlone(need, all)));
}

/** Whether a case of a unit that is sent is sent, too, and whether a scenario is one that the selected checks can be judged by. */
interface Needs {
  readonly scenario: (scenario: Scenario) => boolean;
  readonly mode: (mode: Mode) => boolean;
}

function needsOf(selection: Selection, { checks }: Catalogue, planning: Planning): Needs {
  const chosen = checks.filter(({ id }) => selection.check(id));
  const alone = planning > 1 && chosen.every((check) => standsAlone(check, checks));
  const named = chosen.every(({ scenarios }) => scenarios !== undefined && scenarios !== 'all')
    ? new Set<string>(['text', ...chosen.flatMap(({ scenarios }) => scenarios ?? [])])
    : null;
  return {
    scenario: ({ id, relation }) => (named?.has(id) ?? true) && !(alone && relation),
    mode: (mode) => !alone || chosen.some(({ modes }) => modes.includes(mode)),
  };
}

/** All units of a run, in order. The plain text unit of an API always comes along: later units are judged against it. */
export function planUnits(
  apis: readonly ApiId[],
  suite: Suite,
  selection: Selection,
  catalogue: Catalogue = catalogueOf(),
  planning: Planning = 2,
): readonly Unit[] {
  const { scenarios } = catalogue;
  const needs = needsOf(selection, catalogue, planning);
  const reach = suites.indexOf(suite);
  const names = [...new Set(scenarios.map(unitOf))];
  const groups = apiGroups.map((group) => group.filter((api) => apis.includes(api)));
  const unitFor = (api: ApiId, name: string): Unit => {
    const members = scenarios.filter(
      (scenario) =>
        unitOf(scenario) === name && suites.indexOf(scenario.suite) <= reach && suits(scenario, apiOf(api)),
    );
    const cases = members.flatMap((scenario) => casesOf(api, scenario));
    return {
      api,
      name,
      scenarios: members,
      cases: cases.filter(({ mode }) => PLAIN.has(name) || needs.mode(mode)),
    };
  };
  const units = groups.flatMap((group) => names.flatMap((name) => group.map((api) => unitFor(api, name))));
  const wanted = units.filter(
    (unit) => unit.cases.some((id) => selection.case(caseKey(id))) && unit.scenarios.some(needs.scenario),
  );
  const used = new Set(wanted.map(({ api }) => api));
  const sent = new Set([...wanted, ...units.filter((unit) => unit.name === 'text' && used.has(unit.api))]);
  const planned = units.filter((unit) => unit.cases.length > 0 && sent.has(unit));
  if (planning === 1) return planned;
  return [...planned.filter(isPlain), ...planned.filter((unit) => !isPlain(unit))];
}
