import picomatch from 'picomatch';
import { apis } from '../apis/index.ts';
import { checkIds } from '../checks/catalogue.ts';
import { caseKey } from '../model/case-id.ts';
import { casesOf } from '../run/units.ts';
import { scenarios } from '../scenarios/index.ts';
import { didYouMean } from '../text/did-you-mean.ts';

/** Which checks are shown, and of which cases. */
export interface Selection {
  check(id: string): boolean;
  case(key: string): boolean;
}

export class SelectionError extends Error {
  override readonly name = 'SelectionError';
}

export const everything: Selection = { check: () => true, case: () => true };

const LONGEST_GLOB = 2000;
/** Patterns of one list; more are no selection. */
export const MOST_GLOBS = 1000;

/**
 * Matches checks or cases. In case ids "/" parts fields, not folders, so "*" may cross it. An empty or endless glob
 * matches nothing.
 */
export function matcher(glob: string): (id: string) => boolean {
  if (glob === '' || glob.length > LONGEST_GLOB) return () => false;
  const before = matchers.get(glob);
  if (before !== undefined) return before;
  const matches = picomatch(glob, { bash: true, dot: true });
  const known = new Set([...checkIds, ...allCaseKeys()]);
  const matched = new Set([...known].filter((id) => matches(id)));
  const found = (id: string) => matched.has(id) || (!known.has(id) && matches(id));
  if (matchers.size === MOST_REMEMBERED) matchers.clear();
  matchers.set(glob, found);
  return found;
}

/** By glob: a hostile one takes long over each id, so what was found once is not looked for again. */
const matchers = new Map<string, (id: string) => boolean>();
const MOST_REMEMBERED = 10_000;

/** What is said of a glob that matches no id there is. */
export function matchesNothing(glob: string): string {
  const near = didYouMean(glob, [...checkIds, ...allCaseKeys()]);
  return `matches no check and no case${near || '; see lastchunk list checks, lastchunk list cases'}`;
}

let everyCase: readonly string[] | undefined;

/** Every case there is. */
export function allCaseKeys(): readonly string[] {
  everyCase ??= [...apis.keys()].flatMap((api) =>
    scenarios
      .filter((scenario) => scenario.apis === 'all' || scenario.apis.includes(api))
      .flatMap((scenario) => casesOf(api, scenario).map(caseKey)),
  );
  return everyCase;
}

/**
 * @param only globs over check and case ids; of each kind that is named, one must match
 * @param skip globs; what matches is left out
 * @throws SelectionError where a pattern matches no id there is
 */
export function selectionOf(only: readonly string[], skip: readonly string[]): Selection {
  const caseIds = allCaseKeys();
  const sort = (globs: readonly string[], flag: string) => {
    const checks: Array<(id: string) => boolean> = [];
    const cases: Array<(id: string) => boolean> = [];
    for (const glob of globs) {
      if (glob === '') throw new SelectionError(`${flag} names an empty pattern; leave it out`);
      const matches = matcher(glob);
      const isCheck = checkIds.some((id) => matches(id));
      const isCase = caseIds.some((id) => matches(id));
      if (!isCheck && !isCase) {
        throw new SelectionError(`${flag} ${JSON.stringify(glob.slice(0, 200))} ${matchesNothing(glob)}`);
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
