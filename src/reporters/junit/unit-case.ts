/** One test case for all results of a check in one API and mode: what came out alike is said once. */
import { failsRun } from '../../judge/exit-code.ts';
import { modeOf } from '../../model/case-id.ts';
import { groupBy } from '../../model/group-by.ts';
import type { FailOn, Result } from '../../model/report.ts';
import { plural } from '../../text/plural.ts';
import { compactCases, modeTitles } from '../shared/case-list.ts';
import { frameText } from '../shared/findings.ts';
import type { TestCase } from './xml.ts';

/** What came out in more ways than this is counted, not told. */
const MOST_KINDS = 8;

/** Results of one server by check, API and mode, in order of first appearance. */
export function unitsOf(results: readonly Result[]): ReadonlyArray<readonly [Result, ...Result[]]> {
  const units = groupBy(results, (result) => `${result.check} ${result.api} ${modeOf(result.case)}`);
  return [...units.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [[first, ...others] as const],
  );
}

/**
 * The test case of a unit. The worst result decides: a failure that is not known, what could not be judged, a known
 * failure (skipped, so that it turns nothing red), a pass, and a skip where nothing else came.
 */
export function unitCase(
  results: readonly [Result, ...Result[]],
  prefix: string,
  failOn: FailOn | undefined,
): TestCase {
  const [{ check, api, case: key }] = results;
  const failing = results.filter((result) => failsRun(result, failOn));
  const fresh = failing.filter((result) => !result.baselined);
  const known = failing.filter((result) => result.baselined);
  const erred = results.filter(({ verdict }) => verdict === 'error');
  const warned = results.filter((result) => result.verdict === 'warn' && !failing.includes(result));
  const judged = results.filter(({ verdict }) => verdict !== 'skip');
  const named = {
    name: check,
    classname: `${prefix}.${api}.${modeTitles[modeOf(key)]}`,
    type: check,
    text: [...fresh, ...known, ...warned].length > 0 ? explained([...fresh, ...known, ...warned]) : '',
  };
  const told = (those: readonly Result[]) => saidOf(those, judged.length || results.length);
  if (fresh.length > 0) return { ...named, outcome: 'failure', message: told(fresh) };
  if (erred.length > 0) return { ...named, outcome: 'error', message: told(erred) };
  if (known.length > 0)
    return { ...named, outcome: 'skipped', message: `known failure, in the baseline: ${told(known)}` };
  if (judged.length > 0) return { ...named, outcome: 'passed', message: '' };
  return { ...named, outcome: 'skipped', message: told(results) };
}

/** What came, each thing once: `absent in all 14 events (12 of 14 cases); late (1 of 14 cases)`. */
function saidOf(results: readonly Result[], of: number): string {
  const alike = [...groupBy(results, kindOf).values()];
  const said = alike.slice(0, MOST_KINDS).flatMap((same) => {
    const [first] = same;
    if (first === undefined) return [];
    const words = [first.observed, first.message === first.observed ? '' : first.message];
    const what = words.filter(Boolean).join('. ');
    const share = same.length < of ? `${same.length} of ${plural(of, 'case')}` : plural(of, 'case');
    return [of === 1 ? what : `${what} (${share})`];
  });
  const more = alike.length - MOST_KINDS;
  return [...said, ...(more > 0 ? [`${more} more`] : [])].join('; ');
}

/** By what results of a check are alike: the class, or the reason why it was not judged. */
function kindOf({ verdict, class: id, cause, message, baselined, lowered }: Result): string {
  const why = verdict === 'skip' || verdict === 'error' ? (cause ?? message) : id;
  return JSON.stringify([verdict, why, baselined, lowered?.link]);
}

function explained(results: readonly Result[]): string {
  return [...groupBy(results, kindOf).values()].slice(0, MOST_KINDS).map(explanation).join('\n\n');
}

function explanation(same: readonly Result[]): string {
  const shown = same.find(({ evidence, confirmed }) => evidence && confirmed === '2/2') ?? same[0];
  if (shown === undefined) return '';
  const { expected, observed, message, confirmed, reference, lowered, evidence } = shown;
  const lines = [
    `in ${compactCases(
      same.map((result) => result.case),
      12,
    ).join(', ')}`,
    expected && `expected: ${expected}`,
    observed && `observed: ${observed}`,
    message === observed ? '' : message,
    confirmed && `confirmed: ${confirmed}`,
    reference && `reference: ${reference}`,
    lowered && `accepted by the profile: ${lowered.reason} ${lowered.link}`,
    evidence && same.length > 1 && `shown is ${shown.case}`,
    ...(evidence?.frames ?? []).map((frame) => `${Math.round(frame.at)} ms  ${frameText(frame)}`),
    evidence?.curl,
  ];
  return lines.filter(Boolean).join('\n');
}
