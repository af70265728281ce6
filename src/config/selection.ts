import { type Catalogue, catalogueOf } from '../checks/catalogue.ts';
import { caseKey } from '../model/case-id.ts';
import { UserError } from '../model/errors.ts';
import { matcher } from '../model/glob.ts';
import type { Selection } from '../model/selection.ts';
import { casesOf, suits } from '../scenarios/index.ts';
import { nearest } from '../text/did-you-mean.ts';

export class SelectionError extends UserError {
  override readonly name = 'SelectionError';
}

export const everything: Selection = { check: () => true, case: () => true };

/** Patterns of one list; more are no selection. */
export const MOST_GLOBS = 1000;

/** What is said of a glob that matches no id of the catalogue. */
export function matchesNothing(glob: string, catalogue: Catalogue = catalogueOf()): string {
  const all = idsOf(catalogueOf());
  if (all.some(matcher(glob)) && catalogue.number < catalogueOf().number)
    return `matches only what came after catalogue ${catalogue.number}, which this run uses`;
  return `matches no check and no case${meant(glob, catalogue) || '; see lastchunk list checks, lastchunk list cases'}`;
}

/** A check, a case, or a scenario, of which there is a case in each API. */
function meant(glob: string, catalogue: Catalogue): string {
  const scenarios = new Map<string, string>(catalogue.scenarios.map(({ id }) => [id, `*/${id}`]));
  const name = nearest(glob, [...scenarios.keys(), ...idsOf(catalogue)]);
  return name === null ? '' : `; did you mean ${JSON.stringify(scenarios.get(name) ?? name)}?`;
}

const idsOf = (catalogue: Catalogue) => [...catalogue.checks.map(({ id }) => id), ...allCaseKeys(catalogue)];

/** Every case of a catalogue. */
export function allCaseKeys({ scenarios, apis }: Catalogue = catalogueOf()): readonly string[] {
  return apis.flatMap((api) =>
    scenarios
      .filter((scenario) => suits(scenario, api))
      .flatMap((scenario) => casesOf(api.id, scenario).map(caseKey)),
  );
}

/**
 * @param only globs over check and case ids; of each kind that is named, one must match
 * @param skip globs; what matches is left out
 * @throws SelectionError where a pattern matches no id of the catalogue
 */
export function selectionOf(
  only: readonly string[],
  skip: readonly string[],
  catalogue: Catalogue = catalogueOf(),
): Selection {
  const caseIds = allCaseKeys(catalogue);
  const sort = (globs: readonly string[], flag: string) => {
    const checks: Array<(id: string) => boolean> = [];
    const cases: Array<(id: string) => boolean> = [];
    for (const glob of globs) {
      if (glob === '') throw new SelectionError(`${flag} names an empty pattern; leave it out`);
      const matches = matcher(glob);
      const isCheck = catalogue.checks.some(({ id }) => matches(id));
      const isCase = caseIds.some((id) => matches(id));
      if (!isCheck && !isCase) {
        throw new SelectionError(
          `${flag} ${JSON.stringify(glob.slice(0, 200))} ${matchesNothing(glob, catalogue)}`,
        );
      }
      if (isCheck) checks.push(matches);
      if (isCase) cases.push(matches);
    }
    return { checks, cases };
  };
  const wanted = sort(only, '--only');
  const unwanted = sort(skip, '--skip');
  const allowed = (list: ReadonlyArray<(id: string) => boolean>, id: string) =>
    list.length === 0 || list.some((matches) => matches(id));
  return {
    check: (id) => allowed(wanted.checks, id) && !unwanted.checks.some((matches) => matches(id)),
    case: (key) => allowed(wanted.cases, key) && !unwanted.cases.some((matches) => matches(key)),
  };
}
