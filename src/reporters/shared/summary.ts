/** The lines that sum up a report. */
import { wasInterrupted } from '../../judge/exit-code.ts';

import type { Report, Verdict } from '../../model/report.ts';
import { duration } from '../../text/duration.ts';
import { plural } from '../../text/plural.ts';

/** The one line that ends a run: servers, counts, how long it took. */
export function countsLine(report: Report): string {
  const { pass, fail, warn, skip, error } = report.summary;
  const known = (verdict: Verdict) => {
    const listed = report.servers
      .flatMap((server) => server.results)
      .filter((result) => result.baselined && result.verdict === verdict).length;
    return listed > 0 ? [`${listed} known`] : [];
  };
  const inBrackets = (words: readonly string[]) => (words.length > 0 ? ` (${words.join('; ')})` : '');
  const fails = `${fail} fail${inBrackets(known('fail'))}`;
  const failing = report.failOn === 'warn' && warn > 0 ? ['warnings fail the run'] : [];
  const warns = `${warn} warn${inBrackets([...known('warn'), ...failing])}`;
  const counts = `${pass} pass, ${fails}, ${warns}, ${skip} skip, ${error} error`;
  const head = `${report.partial ? `${wasInterrupted(report) ? 'Interrupted' : 'Out of time'}: ` : ''}${plural(report.servers.length, 'server')}`;
  return `${head}: ${counts} · ${duration(report.durationMs)}`;
}

/** `, shard 2/4`, where it is one. */
export function shardTitle({ shard }: Report): string {
  if (shard === undefined) return '';
  const { index, count, servers } = shard;
  return `, shard ${index}/${count} of ${plural(servers.length, 'server')}`;
}
