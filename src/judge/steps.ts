/** What a step from one version to the next changes, by what was found in both. Pure. */

import { groupBy } from '../model/group-by.ts';
import type { Change, FailOn, Result, ServerReport, Step } from '../model/report.ts';
import { byHarm, type ConcernOf } from './headline.ts';

// An accepted deviation is still one: where the profile no longer accepts it, the server has not changed.
const deviates = ({ verdict, lowered }: Result) => verdict === 'fail' || lowered !== undefined;
const held = (result: Result) =>
  (result.verdict === 'pass' || result.verdict === 'warn') && !deviates(result);
const fails = ({ verdict, baselined }: Result) => verdict === 'fail' && !baselined;
const warned = ({ verdict, baselined }: Result) => verdict === 'warn' && !baselined;
const passed = ({ verdict }: Result) => verdict === 'pass';
const judged = (result: Result) => held(result) || deviates(result);

const keyOf = ({ api, check }: Result) => `${api} ${check}`;
const sameCase = (result: Result) => `${result.check} ${result.case}`;

function changeOf(results: readonly Result[]): readonly Change[] {
  const [first] = results;
  if (first === undefined) return [];
  const { check, api, observed, message } = first;
  return [{ check, api, observed: observed || message, cases: results.map((result) => result.case) }];
}

/** Runs over the checks by API that have a result of interest. */
function changes(
  results: readonly Result[],
  ofInterest: (result: Result) => boolean,
  pick: (all: readonly Result[]) => readonly Result[],
): readonly Change[] {
  const keys = new Set(results.filter(ofInterest).map(keyOf));
  return [...keys].flatMap((key) =>
    changeOf(pick(results.filter((result) => keyOf(result) === key && ofInterest(result)))),
  );
}

/**
 * What is wrong in one version and was good in the other: in the same case, or in a check that was judged there and good
 * in every case. A case that could not be judged there says nothing while the check deviated in other cases.
 */
function newlyWrong(
  results: readonly Result[],
  others: readonly Result[],
  wrong: (result: Result) => boolean,
  good: (result: Result) => boolean,
): readonly Change[] {
  const twins = new Map(others.map((result) => [sameCase(result), result]));
  const byKey = groupBy(others, keyOf);
  return changes(results, wrong, (same) =>
    same.filter((result) => {
      const twin = twins.get(sameCase(result));
      const all = byKey.get(keyOf(result)) ?? [];
      const clean = all.some(good) && all.every((one) => good(one) || !judged(one));
      return clean || (twin !== undefined && good(twin));
    }),
  );
}

/** Cases that were answered before and are not any more. */
function unansweredCases(from: readonly Result[], to: readonly Result[]): readonly string[] {
  const answered = (results: readonly Result[]) =>
    results.filter((result) => result.check === 'request-answered' && passed(result));
  const now = new Set(answered(to).map((result) => result.case));
  return answered(from)
    .map((result) => result.case)
    .filter((id) => !now.has(id));
}

/** Checks that held in cases that are no longer answered, and that no other case judges now. */
function lost(
  from: readonly Result[],
  { results: to, notServed = [] }: ServerReport,
  unanswered: ReadonlySet<string>,
): readonly Change[] {
  const now = new Set(to.filter(judged).map(keyOf));
  const said = new Map(to.map((result) => [sameCase(result), result.message]));
  // An API that is gone is gone with all its checks: the one that says so stands for them.
  const toldOnce = ({ api, check }: Result) => notServed.includes(api) && check !== 'request-answered';
  return changes(
    from,
    (result) => held(result) && unanswered.has(result.case) && !now.has(keyOf(result)) && !toldOnce(result),
    (all) => all,
  ).map((change) => {
    const [first = ''] = change.cases;
    return { ...change, observed: said.get(`${change.check} ${first}`) ?? 'not answered' };
  });
}

/** Checks that fail now and could not be judged at all before: whether the fail is new is not known. */
function unknown(from: readonly Result[], to: readonly Result[]): readonly Change[] {
  const known = new Set(from.filter(judged).map(keyOf));
  const erred = new Set(from.filter(({ verdict }) => verdict === 'error').map(keyOf));
  const isUnknown = (result: Result) =>
    fails(result) && erred.has(keyOf(result)) && !known.has(keyOf(result));
  return changes(to, isUnknown, (all) => all).map((change) => ({
    ...change,
    observed: `${change.observed}; could not be judged before`,
  }));
}

/**
 * @param from the report of the older version; `to`: of the newer one
 * @param failOn warn: a new warning counts as a break, too
 * @param concernOf what a check looks after: of what still fails the most harmful is named
 */
export function stepBetween(
  from: ServerReport,
  to: ServerReport,
  failOn: FailOn = 'fail',
  concernOf: ConcernOf = () => 'rest',
): Step {
  const unanswered = unansweredCases(from.results, to.results);
  const warns = newlyWrong(to.results, from.results, warned, passed);
  const strictly = failOn === 'warn';
  const found = {
    breaks: [...newlyWrong(to.results, from.results, fails, held), ...(strictly ? warns : [])],
    fixes: newlyWrong(from.results, to.results, deviates, held),
    warns: strictly ? [] : warns,
    unjudged: [...lost(from.results, to, new Set(unanswered)), ...unknown(from.results, to.results)],
  };
  return {
    from: from.name,
    to: to.name,
    verdict: verdictOfStep(found, remaining(from, to, [...found.breaks, ...found.unjudged], concernOf)),
    ...found,
    unanswered,
  };
}

interface Remaining {
  readonly check: string;
  /** Whether it is known to have failed before, too. */
  readonly still: boolean;
}

/** What fails after the step and is no break of it, the most harmful first. */
function remaining(
  from: ServerReport,
  to: ServerReport,
  told: readonly Change[],
  concernOf: ConcernOf,
): readonly Remaining[] {
  const before = new Set(from.results.filter(deviates).map(keyOf));
  const isTold = ({ check, api }: Result) =>
    told.some((change) => change.check === check && change.api === api);
  const those = groupBy(
    to.results.filter((result) => fails(result) && !isTold(result)),
    ({ check }) => check,
  );
  const counted = [...those].map(([check, same]) => {
    return { check, cases: same.length, still: same.some((result) => before.has(keyOf(result))) };
  });
  return counted.sort(byHarm(concernOf, ({ cases }) => cases));
}

/** "safe", "fixes 2", "breaks 1, fixes 1": checks by API; "no change: usage-present still fails". */
function verdictOfStep(
  { breaks, fixes, unjudged }: Pick<Step, 'breaks' | 'fixes' | 'unjudged'>,
  left: readonly Remaining[],
): string {
  const words = [
    ...(breaks.length > 0 ? [`breaks ${breaks.length}`] : []),
    ...(fixes.length > 0 ? [`fixes ${fixes.length}`] : []),
    ...(unjudged.length > 0 ? [`not comparable ${unjudged.length}`] : []),
  ];
  const [first, ...more] = left;
  if (first === undefined) return words.length === 0 ? 'safe' : words.join(', ');
  const still = first.still ? 'still ' : '';
  const fails =
    more.length === 0
      ? `${first.check} ${still}fails`
      : `${first.check} and ${more.length} more ${still}fail`;
  if (words.length > 0) return `${words.join(', ')}; ${fails}`;
  return first.still ? `no change: ${fails}` : `breaks nothing; ${fails}`;
}
