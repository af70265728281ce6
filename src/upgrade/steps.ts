/** What a step from one version to the next changes, by what was found in both. Pure. */
import type { Result, ServerReport } from '../report/model.ts';

/** A check in one API whose fails came or went. */
export interface Change {
  readonly check: string;
  readonly api: string;
  readonly observed: string;
  readonly cases: readonly string[];
}

export interface Step {
  readonly from: string;
  readonly to: string;
  readonly breaks: readonly Change[];
  readonly fixes: readonly Change[];
  /** Cases that were answered before and are not any more: what they would show is not known. */
  readonly unanswered: readonly string[];
}

const held = ({ verdict }: Result) => verdict === 'pass' || verdict === 'warn';
const failed = ({ verdict, baselined }: Result) => verdict === 'fail' && !baselined;

/**
 * Fails of `bad` that `good` does not have: a case that held there, or a check without any fail there that was judged.
 * A case that `good` could not judge says nothing while the check failed there elsewhere.
 */
function changes(bad: readonly Result[], good: readonly Result[]): readonly Change[] {
  const there = new Map(good.map((result) => [`${result.check} ${result.case}`, result]));
  const found: Change[] = [];
  for (const key of new Set(bad.filter(failed).map(({ api, check }) => `${api} ${check}`))) {
    const same = ({ api, check }: Result) => `${api} ${check}` === key;
    const twins = good.filter(same);
    const clean = twins.some(held) && !twins.some(failed);
    const fails = bad.filter((result) => same(result) && failed(result));
    const changed = fails.filter((result) => {
      const twin = there.get(`${result.check} ${result.case}`);
      return twin === undefined ? clean : held(twin) || clean;
    });
    const [first] = changed;
    if (first === undefined) continue;
    const { check, api, observed } = first;
    found.push({ check, api, observed, cases: changed.map((result) => result.case) });
  }
  return found;
}

/** @param from the report of the version that is left; `to`: of the one that is gone to */
export function stepBetween(from: ServerReport, to: ServerReport): Step {
  const now = new Map(
    to.results.filter(({ check }) => check === 'request-answered').map((result) => [result.case, result]),
  );
  const unanswered = from.results.filter((result) => {
    const twin = now.get(result.case);
    return result.check === 'request-answered' && result.verdict === 'pass' && twin?.verdict !== 'pass';
  });
  return {
    from: from.name,
    to: to.name,
    breaks: changes(to.results, from.results),
    fixes: changes(from.results, to.results),
    unanswered: unanswered.map((result) => result.case),
  };
}

/** "safe", "fixes 2", "breaks 1, fixes 2": checks by API. */
export function verdictOfStep({ breaks, fixes }: Step): string {
  const words = [
    ...(breaks.length > 0 ? [`breaks ${breaks.length}`] : []),
    ...(fixes.length > 0 ? [`fixes ${fixes.length}`] : []),
  ];
  return words.length === 0 ? 'safe' : words.join(', ');
}
