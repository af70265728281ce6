/** The lines that sum up a report. */
import { wasInterrupted } from '../../judge/exit-code.ts';
import { findingKey } from '../../judge/headline.ts';
import type { Report, Result, Verdict } from '../../model/report.ts';
import { duration } from '../../text/duration.ts';
import { plural } from '../../text/plural.ts';

/** The one line that ends a run: servers, findings with the cases they were seen in, how long it took. */
export function countsLine(report: Report): string {
  const failing = report.failOn === 'warn' && report.summary.warn > 0 ? ['warnings fail the run'] : [];
  const counts = [
    counted(report, 'fail'),
    counted(report, 'warn', failing),
    counted(report, 'error'),
    `${holding(report)} pass (${plural(report.summary.pass, 'case')})`,
  ].join(', ');
  const head = `${report.partial ? `${wasInterrupted(report) ? 'Interrupted' : 'Out of time'}: ` : ''}${plural(report.servers.length, 'server')}`;
  return `${head}: ${counts} · ${duration(report.durationMs)}`;
}

/** `2 fail (25 cases; 1 known)`: findings of one verdict, on all servers. */
function counted(report: Report, verdict: Verdict, more: readonly string[] = []): string {
  const of = (results: readonly Result[]) => new Set(results.map(findingKey)).size;
  const perServer = report.servers.map(({ results }) => {
    const those = results.filter((result) => result.verdict === verdict);
    return {
      findings: of(those),
      cases: those.length,
      known: of(those.filter(({ baselined }) => baselined)),
    };
  });
  const sum = (key: 'findings' | 'cases' | 'known') => perServer.reduce((total, one) => total + one[key], 0);
  const brackets = [
    ...(sum('cases') > 0 ? [plural(sum('cases'), 'case')] : []),
    ...(sum('known') > 0 ? [`${sum('known')} known`] : []),
    ...more,
  ];
  return `${sum('findings')} ${verdict}${brackets.length > 0 ? ` (${brackets.join('; ')})` : ''}`;
}

/** Checks that hold wherever they were judged, on all servers. */
function holding({ servers }: Report): number {
  return servers.reduce((total, { results }) => {
    const broken = new Set(
      results.filter(({ verdict }) => verdict === 'fail' || verdict === 'warn').map(({ check }) => check),
    );
    const held = results.filter(({ verdict, check }) => verdict === 'pass' && !broken.has(check));
    return total + new Set(held.map(({ check }) => check)).size;
  }, 0);
}

/** `, shard 2/4`, where it is one. */
export function shardTitle({ shard }: Report): string {
  if (shard === undefined) return '';
  const { index, count, servers } = shard;
  return `, shard ${index}/${count} of ${plural(servers.length, 'server')}`;
}
