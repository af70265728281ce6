/** Rewrites a baseline: stale entries go, new failures come, all else stays as it was written. */
import semver from 'semver';
import { isMap, isSeq, type YAMLSeq } from 'yaml';
import { matcher } from '../plan/selection.ts';
import { groupBy } from '../report/case-list.ts';
import { harmless } from '../report/harmless.ts';
import type { ExpectedFailure, Report, Result, ServerReport } from '../report/model.ts';
import { entryTitle } from '../report/stale-entries.ts';
import { comparableVersion, coversServer, productIn } from '../verdicts/baseline.ts';
import type { BaselineFile } from './baseline-file.ts';

export interface BaselineUpdate {
  /** The new text of the file. */
  readonly text: string;
  readonly expected: readonly ExpectedFailure[];
  /** What was done, a sentence each. */
  readonly changes: readonly string[];
}

/**
 * @param report as held against the baseline as it was. No range is widened: another version gets an entry of its own.
 * What an expired entry lists is for a person to decide: it is neither taken out nor listed again.
 */
export function updateBaseline(baseline: BaselineFile, report: Report): BaselineUpdate {
  const { source, expected } = baseline;
  const uses = report.baseline ?? [];
  const kept = expected.map((_, i) => uses[i]?.state !== 'stale');
  const expired = expected.filter((_, i) => uses[i]?.state === 'expired');
  const added = newEntries(report, expired);
  const document = source.document.clone();
  const list = listIn(document.contents);
  if (list === null) throw source.wrong(['expected'], 'expected a list');
  for (let i = list.items.length - 1; i >= 0; i -= 1) if (!kept[i]) list.items.splice(i, 1);
  if (list.items.length === 0) list.flow = added.length === 0;
  for (const entry of added) list.items.push(document.createNode(entry, { flow: list.flow === true }));
  const all = [...expected.filter((_, i) => kept[i]), ...added];
  const asWritten = () =>
    baseline.file.endsWith('.json')
      ? `${JSON.stringify({ expected: all }, null, 2)}\n`
      : document.toString({ lineWidth: 0 });
  return {
    text: added.length === 0 && all.length === expected.length ? source.text : asWritten(),
    expected: all,
    changes: [
      ...expected.flatMap((entry, i) => (kept[i] ? [] : [`taken out: ${entryTitle(entry)}`])),
      ...added.map((entry) => `added: ${entryTitle(entry)}`),
      ...expired.map((entry) => `left as it is, expired on ${entry.expires}: ${entryTitle(entry)}`),
    ],
  };
}

function listIn(contents: unknown): YAMLSeq | null {
  const list = isMap(contents) ? contents.get('expected', true) : null;
  return isSeq(list) ? list : null;
}

/** Entries for what failed and is not listed. */
function newEntries(report: Report, expired: readonly ExpectedFailure[]): readonly ExpectedFailure[] {
  const day = report.startedAt.slice(0, 10);
  const entries = new Map<string, ExpectedFailure>();
  for (const server of report.servers) {
    const lapsed = expired.filter((entry) => coversServer(entry, server));
    const isNew = (result: Result) =>
      result.verdict === 'fail' &&
      !result.baselined &&
      !lapsed.some((entry) => entry.check === result.check && matcher(entry.case)(result.case));
    for (const fails of groupBy(server.results.filter(isNew), placeOf).values()) {
      const [first] = fails;
      if (first === undefined) continue;
      const versions = exactVersion(server);
      const entry = {
        product: productIn(server),
        ...(versions === null ? {} : { versions }),
        check: first.check,
        case: globOf(fails, server),
        reason: `seen on ${day}: ${harmless(first.observed).slice(0, 120)}`,
      };
      entries.set(entryTitle(entry), entry);
    }
  }
  return [...entries.values()];
}

/** Check, API, mode and option: what differs within is the scenario. */
function placeOf({ check, case: key }: Result): string {
  return `${check} ${key.split('/').slice(0, 3).join('/')}`;
}

/** A glob over exactly these cases: with "*" only where all that were judged there failed. */
function globOf(fails: readonly Result[], server: ServerReport): string {
  const keys = fails.map((result) => result.case);
  const [first = ''] = keys;
  if (keys.length === 1) return first;
  const [place] = fails.map(placeOf);
  const judged = server.results.filter(
    (result) => placeOf(result) === place && ['pass', 'fail', 'warn'].includes(result.verdict),
  );
  const prefix = first.split('/').slice(0, 3).join('/');
  if (judged.length === fails.length) return `${prefix}/*`;
  return `${prefix}/{${keys.map((key) => key.split('/')[3] ?? '').join(',')}}`;
}

/** This version and no other; null where it is unknown. */
function exactVersion({ product, version }: ServerReport): string | null {
  if (version === null) return null;
  // "1.4" would be read as a range, any 1.4.x.
  const asRange = semver.validRange(version) !== null && semver.valid(version) === null;
  return asRange ? comparableVersion(product, version) : version;
}
