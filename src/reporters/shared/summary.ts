/** The lines that sum up a report. */
import { wasInterrupted } from '../../judge/exit-code.ts';
import { checksIn, findingsIn, heldIn } from '../../judge/headline.ts';
import type { Report, Verdict } from '../../model/report.ts';
import { duration } from '../../text/duration.ts';
import { plural } from '../../text/plural.ts';

/** The one line that ends a run: servers, findings with the cases they were seen in, how long it took. */
export function countsLine(report: Report): string {
  const failing = report.failOn === 'warn' && report.summary.warn > 0 ? ['warnings fail the run'] : [];
  const held = heldIn(report.servers.flatMap(({ results }) => results));
  const counts = [
    counted(report, 'fail'),
    counted(report, 'warn', failing),
    counted(report, 'error'),
    `${checksIn(held)} pass (${plural(held.length, 'case')})`,
  ].join(', ');
  const head = `${report.partial ? `${wasInterrupted(report) ? 'Interrupted' : 'Out of time'}: ` : ''}${plural(report.servers.length, 'server')}`;
  return `${head}: ${counts} · ${duration(report.durationMs)}`;
}

/** `2 fail (25 cases; 1 known)`: findings of one verdict, each once, on all servers together. */
function counted(report: Report, verdict: Verdict, more: readonly string[] = []): string {
  const those = report.servers.flatMap(({ results, halt }) =>
    // What a server was not asked any more is told by its halt.
    results.filter(
      (result) => result.verdict === verdict && !(verdict === 'error' && result.message === halt?.message),
    ),
  );
  const known = findingsIn(those.filter(({ baselined }) => baselined));
  const brackets = [
    ...(those.length > 0 ? [plural(those.length, 'case')] : []),
    ...(known > 0 ? [`${known} known`] : []),
    ...more,
  ];
  return `${findingsIn(those)} ${verdict}${brackets.length > 0 ? ` (${brackets.join('; ')})` : ''}`;
}

/** `, shard 2/4`, where it is one. */
export function shardTitle({ shard }: Report): string {
  if (shard === undefined) return '';
  const { index, count, servers } = shard;
  return `, shard ${index}/${count} of ${plural(servers.length, 'server')}`;
}
