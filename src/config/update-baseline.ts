/** Rewrites a baseline: stale entries go, new failures come, all else stays as it was written. */

import { isDeepStrictEqual } from 'node:util';
import { isMap, isSeq, type YAMLSeq } from 'yaml';
import { comparableVersion, coversServer, isOneVersion, productIn } from '../judge/baseline.ts';
import { entryTitle } from '../judge/baseline-remarks.ts';
import { failsRun } from '../judge/exit-code.ts';
import { casePrefix, parseCase } from '../model/case-id.ts';
import { ConfigError } from '../model/errors.ts';
import { matcher } from '../model/glob.ts';
import { groupBy } from '../model/group-by.ts';
import type { ExpectedFailure, Report, Result, ServerReport } from '../model/report.ts';
import { harmless } from '../text/harmless.ts';
import type { BaselineFile } from './baseline-file.ts';
import { baselineSchema } from './baseline-schema.ts';
import { editedList } from './edit-list.ts';
import { validate } from './validate.ts';
import { YamlSource } from './yaml-source.ts';

export interface BaselineUpdate {
  /** The new text of the file. */
  readonly text: string;
  readonly expected: readonly ExpectedFailure[];
  /** What was done, a sentence each. */
  readonly changes: readonly string[];
}

/**
 * @param report as compared with the baseline as it was. No range is widened: another version gets an entry of its own.
 * What an expired entry lists is for a person to decide: it is neither taken out nor listed again.
 * @throws ConfigError where the file is written so that it can't be changed
 */
export function updateBaseline(baseline: BaselineFile, report: Report): BaselineUpdate {
  const { source, expected } = baseline;
  const uses = report.baseline ?? [];
  const kept = expected.map((_, i) => uses[i]?.state !== 'stale');
  const expired = expected.filter((_, i) => uses[i]?.state === 'expired');
  const added = newEntries(report, expired);
  const all = [...expected.filter((_, i) => kept[i]), ...added];
  return {
    text: added.length === 0 && !kept.includes(false) ? source.text : rewritten(baseline, kept, added, all),
    expected: all,
    changes: [
      ...expected.flatMap((entry, i) => (kept[i] ? [] : [`taken out: ${entryTitle(entry)}`])),
      ...added.map((entry) => `added: ${entryTitle(entry)}${entry.flaky ? ' (flaky)' : ''}`),
      ...expired.map((entry) => `left as it is, expired on ${entry.expires}: ${entryTitle(entry)}`),
    ],
  };
}

function rewritten(
  { file, source }: BaselineFile,
  kept: readonly boolean[],
  added: readonly ExpectedFailure[],
  all: readonly ExpectedFailure[],
): string {
  if (file.endsWith('.json')) return `${JSON.stringify({ expected: all }, null, 2)}\n`;
  const written = listIn(source.document.contents);
  const edited = written && editedList(source.text, written, kept, added);
  if (edited && says(file, edited, all)) return edited;
  const document = source.document.clone();
  const list = listIn(document.contents);
  if (list === null) throw source.wrong(['expected'], 'expected a list');
  list.items = list.items.filter((_, i) => kept[i]);
  if (list.items.length === 0) list.flow = added.length === 0;
  for (const entry of added) list.items.push(document.createNode(entry, { flow: list.flow === true }));
  try {
    return document.toString({ lineWidth: 0 });
  } catch {
    throw source.wrong(
      ['expected'],
      'an entry that goes has an anchor (&) that another needs; write that out',
    );
  }
}

/** True where the text holds these entries and no others: an anchor, say, may have gone with its entry. */
function says(file: string, text: string, all: readonly ExpectedFailure[]): boolean {
  try {
    return isDeepStrictEqual(validate(new YamlSource(file, text), baselineSchema).expected, all);
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
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
      failsRun(result, report.failOn) &&
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
        ...(isIntermittent(first) ? { flaky: true } : {}),
      };
      entries.set(entryTitle(entry), entry);
    }
  }
  return [...entries.values()];
}

/** Check, API, mode and option: what differs within is the scenario, and whether it comes each time. */
function placeOf(result: Result): string {
  return `${result.check} ${casePrefix(parseCase(result.case))}${isIntermittent(result) ? ' at times' : ''}`;
}

/** It need not fail the next time. */
function isIntermittent({ verdict, confirmed, times }: Result): boolean {
  return (
    confirmed === '1/2' || (times !== undefined && times[verdict] < times.pass + times.fail + times.warn)
  );
}

/** A glob over exactly these cases: with "*" only where all that were judged there failed. */
function globOf(fails: readonly Result[], server: ServerReport): string {
  const keys = fails.map((result) => result.case);
  const [first = ''] = keys;
  if (keys.length === 1) return first;
  const prefix = casePrefix(parseCase(first));
  const judged = server.results.filter(
    ({ check, case: key, verdict }) =>
      check === fails[0]?.check &&
      casePrefix(parseCase(key)) === prefix &&
      ['pass', 'fail', 'warn'].includes(verdict),
  );
  if (judged.length === fails.length) return `${prefix}/*`;
  return `${prefix}/{${keys.map((key) => parseCase(key).scenario).join(',')}}`;
}

/** This version and no other; null where it is unknown. */
function exactVersion({ product, version }: ServerReport): string | null {
  if (version === null) return null;
  // "1.4" would be read as a range, any 1.4.x.
  return isOneVersion(version) ? version : comparableVersion(product, version);
}
