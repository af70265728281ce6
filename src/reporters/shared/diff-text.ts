/** A difference of two reports in words, the same for each reporter: sections, and in them changes that are alike. */
import {
  type Change,
  type Named,
  type Numbers,
  type ReportDiff,
  type ServerDiff,
  titleOf,
} from '../../judge/diff.ts';
import { groupBy } from '../../model/group-by.ts';
import { duration } from '../../text/duration.ts';
import { plural } from '../../text/plural.ts';
import { compactCases } from './case-list.ts';

const rows: ReadonlyArray<readonly [string, (numbers: Numbers) => string]> = [
  ['pass', ({ pass }) => String(pass)],
  ['fail', ({ fail }) => String(fail)],
  ['warn', ({ warn }) => String(warn)],
  ['skip', ({ skip }) => String(skip)],
  ['error', ({ error }) => String(error)],
  ['requests', ({ requests }) => String(requests)],
  ['took', ({ durationMs }) => duration(durationMs)],
  ['waited for the server', ({ serverMs }) => duration(serverMs)],
];

/** Numbers of a server before and after; those that are 0 in both are left out. */
export function numberRows({
  numbers: { a, b },
}: ServerDiff): ReadonlyArray<readonly [name: string, before: string, after: string]> {
  return rows.map(([name, of]) => [name, of(a), of(b)] as const).filter(([, x, y]) => x !== '0' || y !== '0');
}

/** True where the difference is a reason to look. */
export function isWorse({ regression, unjudged }: ReportDiff): boolean {
  return regression || unjudged;
}

/** `3 newly failing, 1 mended` */
export function verdictOf(diff: ReportDiff): string {
  const fails = diff.servers.reduce((sum, { newlyFailing }) => sum + newlyFailing.length, 0);
  const mended = diff.servers.reduce((sum, one) => sum + one.mended.length, 0);
  const verdict = diff.unjudged && fails === 0 ? 'not all could be judged; ' : '';
  return `${verdict}${fails} newly failing, ${mended} mended`;
}

/** Product, version and name, the name where it says more. */
export function nameOf(server: Named): string {
  const title = titleOf(server);
  return title.startsWith(server.name) ? title : `${title} (${server.name})`;
}

interface Section {
  readonly title: string;
  readonly mark: string;
  readonly changes: readonly Change[];
  /** What is no change of a verdict is for whom all is of interest. */
  readonly shown: 'always' | 'on-demand';
}

/** The worst first. */
export function sectionsOf(server: ServerDiff): readonly Section[] {
  return [
    { title: 'Newly failing', mark: '✗', changes: server.newlyFailing, shown: 'always' },
    { title: 'Mended', mark: '✓', changes: server.mended, shown: 'always' },
    { title: 'No longer judged', mark: '?', changes: server.noLongerJudged, shown: 'always' },
    { title: 'Changed otherwise', mark: '!', changes: server.otherwise, shown: 'always' },
    { title: 'New', mark: '+', changes: server.new, shown: 'on-demand' },
    { title: 'Gone', mark: '-', changes: server.gone, shown: 'on-demand' },
    { title: 'Failing as before', mark: '=', changes: server.stillFailing, shown: 'on-demand' },
  ];
}

/** Changes that are alike, in words. */
export interface ChangesAlike {
  /** `usage-present in chat/stream/asked/{text,short}` */
  readonly subject: string;
  readonly before: string;
  readonly after: string;
  readonly changes: readonly Change[];
}

/** @param apart keeps checks apart also where they could not be judged for one reason */
export function changesAlike(changes: readonly Change[], apart: boolean): readonly ChangesAlike[] {
  return [...groupBy(changes, (change) => likeness(change, apart)).values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined) return [];
    const before = sideOf(first.was, first.before, first.kinds.before);
    const after = sideOf(first.is, first.after, first.kinds.after);
    return [{ subject: subjectOf(group), before, after, changes: group }];
  });
}

/** What could not be judged for one reason is said together, whatever the check; `verbose` keeps checks apart. */
function likeness({ check, was, is, kinds }: Change, verbose: boolean): string {
  const reasons = [...(isUnjudged(was) ? [kinds.before] : []), ...(isUnjudged(is) ? [kinds.after] : [])];
  const together = is !== 'fail' && reasons.length > 0 && !verbose;
  return JSON.stringify([was, is, ...(together ? reasons : [check, kinds.before, kinds.after])]);
}

const isUnjudged = (verdict: Change['was']) => verdict === 'skip' || verdict === 'error';

function subjectOf(group: readonly Change[]): string {
  const checks = new Set(group.map((change) => change.check));
  const cases = [...new Set(group.map((change) => change.case))];
  if (checks.size === 1) return `${[...checks].join('')} in ${compactCases(cases).join(', ')}`;
  return `${plural(checks.size, 'check')} in ${compactCases(cases, 3).join(', ')}`;
}

function sideOf(verdict: Change['was'], said: string, kind: string): string {
  if (verdict === null) return 'nothing';
  if (verdict === 'pass' || said === '') return verdict;
  return `${verdict} (${isUnjudged(verdict) ? kind : said})`;
}
