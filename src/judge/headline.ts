/** What a server's results come down to, as data: the faults by harm, and what holds. Pure. */

import type { ApiId, Mode } from '../model/api.ts';
import { modeOf } from '../model/case-id.ts';
import { groupBy } from '../model/group-by.ts';
import { type Concern, concerns, type Result, type ServerReport } from '../model/report.ts';
import { judgedNoStream } from './exit-code.ts';

/** A check that fails in one mode. */
export interface Fault {
  readonly check: string;
  readonly mode: Mode;
  /** Where it fails. */
  readonly apis: readonly ApiId[];
  /** Cases in which it fails, of those of these APIs in which it was judged. */
  readonly failed: number;
  readonly judged: number;
}

export interface Headline {
  /** New ones: the most harmful first, then by the number of cases. */
  readonly faults: readonly Fault[];
  /** Those that the baseline lists. */
  readonly known: readonly Fault[];
  readonly warned: { readonly findings: number; readonly cases: number };
  /** Checks of which nothing could be judged, for an error. */
  readonly unjudged: number;
  /** Checks that hold wherever they were judged, the cases and APIs in which they were. */
  readonly holds: { readonly checks: number; readonly cases: number; readonly apis: readonly ApiId[] };
  /** Whether what holds says anything about usage. */
  readonly usageHolds: boolean;
  /** Streams lie about usage in some API, and non-streaming answers of the same API are right. */
  readonly nonStreamingHolds: boolean;
}

/** What a check looks after; `rest` where this version does not know it. */
export type ConcernOf = (check: string) => Concern;

/** One finding: the same check that came out the same way, for the same reason. */
export function findingKey({ check, class: id, baselined, lowered }: Result): string {
  return [check, id, baselined, lowered?.link].join(' ');
}

/** How many findings these results are. */
export const findingsIn = (results: readonly Result[]): number => new Set(results.map(findingKey)).size;

/** What passed of the checks that hold wherever they were judged. */
export function heldIn(results: readonly Result[]): readonly Result[] {
  const broken = new Set(
    results.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn').map(({ check }) => check),
  );
  return results.filter((result) => passed(result) && !broken.has(result.check));
}

/** How many checks these results are of. */
export const checksIn = (results: readonly Result[]): number =>
  new Set(results.map(({ check }) => check)).size;

/** Orders by harm: what is missing, then wrong numbers, then the wrong place, then the rest; then by `cases`, the most first. */
export function byHarm<T extends { readonly check: string }>(
  concernOf: ConcernOf,
  cases: (one: T) => number,
): (a: T, b: T) => number {
  const rank = ({ check }: T) => concerns.indexOf(concernOf(check));
  return (a, b) => rank(a) - rank(b) || cases(b) - cases(a);
}

/** null where nothing about usage was judged in any stream: the server's halt, or its refusals, say why. */
export function headlineOf(server: ServerReport, concernOf: ConcernOf): Headline | null {
  const { results } = server;
  const fails = results.filter(({ verdict }) => verdict === 'fail');
  if (fails.length === 0 && judgedNoStream(server)) return null;
  const byCheck = groupBy(results, ({ check }) => check);
  const held = heldIn(results);
  const warns = results.filter(({ verdict }) => verdict === 'warn');
  const faults = faultsOf(
    results,
    fails.filter(({ baselined }) => !baselined),
    concernOf,
  );
  return {
    faults,
    known: faultsOf(
      results,
      fails.filter(({ baselined }) => baselined),
      concernOf,
    ),
    warned: { findings: findingsIn(warns), cases: warns.length },
    unjudged: [...byCheck.values()].filter(
      (same) => same.some(({ verdict }) => verdict === 'error') && !same.some(judged),
    ).length,
    holds: {
      checks: checksIn(held),
      cases: held.length,
      apis: [...new Set(held.map(({ api }) => api))],
    },
    usageHolds: held.some(({ check }) => aboutCounts(concernOf(check))),
    nonStreamingHolds: faults.some(
      ({ check, mode, apis }) =>
        mode === 'stream' &&
        aboutCounts(concernOf(check)) &&
        apis.every((api) => nonStreamingHolds(results, api, concernOf)),
    ),
  };
}

/** Whether usage is right in the answers of this API that do not stream, in all that was judged of it. */
export function nonStreamingHolds(results: readonly Result[], api: ApiId, concernOf: ConcernOf): boolean {
  const told = results.filter(
    (result) =>
      result.api === api && modeOf(result.case) === 'nonstream' && aboutCounts(concernOf(result.check)),
  );
  return told.some(passed) && !told.some(({ verdict }) => verdict === 'fail');
}

const passed = ({ verdict }: Result) => verdict === 'pass';
const judged = ({ verdict }: Result) => verdict === 'pass' || verdict === 'fail' || verdict === 'warn';
const aboutCounts = (concern: Concern) => concern === 'presence' || concern === 'numbers';

function faultsOf(
  results: readonly Result[],
  fails: readonly Result[],
  concernOf: ConcernOf,
): readonly Fault[] {
  const groups = groupBy(fails, (result) => `${result.check} ${modeOf(result.case)}`);
  const faults = [...groups.values()].flatMap((same): readonly Fault[] => {
    const [first] = same;
    if (first === undefined) return [];
    const { check } = first;
    const mode = modeOf(first.case);
    const apis = [...new Set(same.map(({ api }) => api))];
    const alike = results.filter(
      (result) =>
        result.check === check && modeOf(result.case) === mode && apis.includes(result.api) && judged(result),
    );
    return [{ check, mode, apis, failed: same.length, judged: alike.length }];
  });
  return faults.sort(byHarm(concernOf, ({ failed }) => failed));
}
