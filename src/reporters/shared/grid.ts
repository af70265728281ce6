/** The table as data: rows by API and mode, one column per server, each cell folding the cases of one check. */

import { summarise, worstFirst } from '../../judge/summary.ts';
import { type ApiId, apiIds, type Mode } from '../../model/api.ts';
import { modeOf } from '../../model/case-id.ts';
import { printedClass } from '../../model/finding.ts';
import { groupBy } from '../../model/group-by.ts';
import type { Report, Result, ServerReport, Verdict } from '../../model/report.ts';

/** All cases of one check on one server, in one API and mode: the worst verdict stands for them. */
export interface Cell {
  readonly verdict: Verdict;
  /** Classes of what was observed with this verdict as they are printed, the most frequent first. */
  readonly classes: readonly string[];
  /** How many cases came out like this, of how many that were judged (on `pass` and `error`: or should have been). */
  readonly hits: number;
  readonly of: number;
  /** True where each of these cases is so. */
  readonly lowered: boolean;
  readonly baselined: boolean;
  readonly intermittent: boolean;
}

export interface Row {
  readonly check: string;
  /** One per server; null where the server has no result. */
  readonly cells: ReadonlyArray<Cell | null>;
}

/** The rows of one API in one mode. */
export interface Group {
  readonly api: ApiId;
  readonly mode: Mode;
  readonly rows: readonly Row[];
}

const MODE_ORDER: readonly Mode[] = ['stream', 'nonstream'];

/**
 * Folds a report's results into groups of rows.
 *
 * @param order check ids as the catalogue has them; unlisted ones follow in order of first appearance.
 */
export function gridOf(report: Report, order: readonly string[] = []): readonly Group[] {
  const checks = checkOrder(report.servers, order);
  // What is not served is one line of its own.
  const perServer = report.servers.map(({ results, notServed = [] }) =>
    groupBy(
      results.filter(({ api }) => !notServed.includes(api)),
      cellKey,
    ),
  );
  const groups = apiIds.flatMap((api) =>
    MODE_ORDER.map((mode) => {
      const rows = checks.map((check) => {
        const cells = perServer.map((results) => cellOf(results.get(`${check} ${api} ${mode}`) ?? []));
        return { check, cells };
      });
      return { api, mode, rows: rows.filter((row) => row.cells.some((cell) => cell !== null)) };
    }),
  );
  return groups.filter((group) => group.rows.length > 0);
}

/** Check ids of a report in the catalogue's order. */
export function checkOrder(servers: readonly ServerReport[], order: readonly string[]): readonly string[] {
  const seen = new Set(servers.flatMap((server) => server.results.map((result) => result.check)));
  return [...new Set([...order.filter((id) => seen.has(id)), ...seen])];
}

function cellKey(result: Result): string {
  return `${result.check} ${result.api} ${modeOf(result.case)}`;
}

function cellOf(results: readonly Result[]): Cell | null {
  const verdict = worstFirst.find((candidate) => results.some((result) => result.verdict === candidate));
  if (verdict === undefined) return null;
  const those = results.filter((result) => result.verdict === verdict);
  // A failure that the baseline does not list names the cell.
  const news = those.filter((result) => !result.baselined);
  const named = groupBy(news.length > 0 ? news : those, (result) => result.class ?? '');
  const { pass, fail, warn, error } = summarise(results);
  const of = { fail: pass + fail + warn, warn: pass + warn, pass: pass + error, error, skip: those.length };
  return {
    verdict,
    classes: [...named].sort((a, b) => b[1].length - a[1].length).flatMap(([id]) => printedClass(id) || []),
    hits: those.length,
    of: of[verdict],
    lowered: those.every((result) => result.lowered !== undefined),
    baselined: those.every((result) => result.baselined),
    intermittent: those.every((result) => result.confirmed === '1/2'),
  };
}
