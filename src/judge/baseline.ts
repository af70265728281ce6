/** Known failures: which of a report's fails are listed, and which entries no longer say the truth. Pure. */

import semver from 'semver';
import { matcher } from '../model/glob.ts';
import type { BaselineUse, ExpectedFailure, Report, Result, ServerReport } from '../model/report.ts';
import { products } from '../products/index.ts';
import { comparableRelease } from '../products/readings.ts';
import { remarkOn } from './baseline-remarks.ts';
import { exitCodeOf, failsRun } from './exit-code.ts';

/** What a new entry calls a server's product: the server's name, where the product is unknown. */
export function productIn(server: Pick<ServerReport, 'product' | 'name'>): string {
  return server.product ?? server.name;
}

/** A version as semver for ranges; null where it can't be compared. */
export function comparableVersion(product: string | null, version: string | null): string | null {
  if (version === null) return null;
  const known = product === null ? undefined : products.get(product);
  if (known !== undefined) return known.comparable(version);
  const [, build] = /^b(\d+)$/.exec(version) ?? [];
  return build === undefined ? comparableRelease(version) : `0.0.${build}`;
}

/** A range as semver reads it: builds (">=b11000 <b12000") are compared as llama.cpp's are. */
export function comparableRange(versions: string): string | null {
  return semver.validRange(versions.replace(/\bb(\d+)\b/g, '0.0.$1'));
}

/** True where an entry is about this server and its version. */
export function coversServer(entry: ExpectedFailure, server: ServerReport): boolean {
  // A product known by its label only may be listed under either name.
  const isKnown = server.product !== null && products.has(server.product);
  if (entry.product !== server.product && (isKnown || entry.product !== server.name)) return false;
  if (entry.versions === undefined) return true;
  if (server.version === null) return false;
  const comparable = comparableVersion(server.product, server.version);
  if (isOneVersion(entry.versions))
    return (
      entry.versions === server.version ||
      (isRelease(server.version) && comparable === withoutV(entry.versions))
    );
  const range = comparableRange(entry.versions);
  return comparable !== null && range !== null && isWithin(server.version, comparable, range);
}

/**
 * A pre-release is in a range where semver says so, or else where its release is in the range as well. So 0.4.0-rc1 is
 * not in "<0.4.0", since it has the fixes of 0.4.0, nor in ">=0.4.0".
 */
function isWithin(version: string, comparable: string, range: string): boolean {
  if (semver.satisfies(version, range, { loose: true })) return true;
  const isPre = semver.prerelease(version, { loose: true }) !== null;
  return (
    semver.satisfies(comparable, range) &&
    (!isPre || semver.satisfies(version, range, { loose: true, includePrerelease: true }))
  );
}

/** True for a version in full ("1.4.0", "b11549", "0.3.0rc1"), which is no range; "1.4" is one. */
export function isOneVersion(versions: string): boolean {
  return /^[^\s<>=^~|*,]+$/.test(versions) && !/^v?(?:\d+|x)(?:\.(?:\d+|x))?(?:\.x)?$/i.test(versions);
}

function withoutV(version: string): string {
  return version.replace(/^v(?=\d)/, '');
}

/** True where the comparable version says all that the version says: it has no rc1 and no fourth number. */
function isRelease(version: string): boolean {
  return /^[a-z]?\d+(?:\.\d+){0,2}$/i.test(version);
}

const wasJudged = ({ verdict }: Result) => verdict === 'pass' || verdict === 'fail' || verdict === 'warn';

/**
 * The report compared with a baseline: listed fails are marked, stale and expired entries told.
 * @param whole false where this is one shard of a run: what nothing failed for here may fail in another
 */
export function withBaseline(report: Report, expected: readonly ExpectedFailure[], whole: boolean): Report {
  const today = report.startedAt.slice(0, 10);
  const entries = expected.map((entry) => ({
    entry,
    expired: isExpired(entry, today),
    matches: matcher(entry.case),
    judged: 0,
    failed: 0,
    erred: 0,
  }));
  const servers = report.servers.map((server) => {
    const here = entries.filter(({ entry }) => coversServer(entry, server));
    const results = server.results.map((result) => {
      const listed = here.filter(
        ({ entry, matches }) => entry.check === result.check && matches(result.case),
      );
      const fails = failsRun(result, report.failOn);
      for (const one of listed) {
        if (wasJudged(result)) one.judged += 1;
        if (fails) one.failed += 1;
        if (result.verdict === 'error') one.erred += 1;
      }
      return { ...result, baselined: fails && listed.some(({ expired }) => !expired) };
    });
    return { ...server, results };
  });
  const uses = entries.map(({ entry, judged, failed, erred }) => ({ ...entry, judged, failed, erred }));
  return withUses({ ...report, servers }, uses, whole && !report.partial);
}

/** A report with the uses of its baseline decided: states, remarks and exit code. Merged reports are decided again. */
export function withUses(
  report: Report,
  uses: ReadonlyArray<Omit<BaselineUse, 'state'>>,
  whole: boolean,
): Report {
  const today = report.startedAt.slice(0, 10);
  const baseline = uses.map((use): BaselineUse => ({ ...use, state: stateOf(use, today, whole) }));
  const remarks = [...(report.remarks ?? []), ...baseline.flatMap(remarkOn)];
  const decided = { ...report, baseline, ...(remarks.length > 0 ? { remarks: [...new Set(remarks)] } : {}) };
  return { ...decided, exitCode: exitCodeOf(decided) };
}

function isExpired({ expires }: ExpectedFailure, today: string): boolean {
  return expires !== undefined && today > expires;
}

function stateOf(use: Omit<BaselineUse, 'state'>, today: string, whole: boolean): BaselineUse['state'] {
  if (use.judged === 0) return 'unused';
  if (isExpired(use, today)) return 'expired';
  if (use.failed > 0 || use.flaky === true) return 'holds';
  return whole && (use.erred ?? 0) === 0 ? 'stale' : 'open';
}
