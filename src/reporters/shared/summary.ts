/** Results counted by verdict. */
import { wasInterrupted } from '../../judge/exit-code.ts';
import type { Report, Result, Summary, Verdict } from '../../model/report.ts';

export const verdicts: readonly Verdict[] = ['pass', 'fail', 'warn', 'skip', 'error'];

/** Counts results by verdict. */
export function summarise(results: Iterable<Pick<Result, 'verdict'>>): Summary {
  const counts = { pass: 0, fail: 0, warn: 0, skip: 0, error: 0 };
  for (const result of results) counts[result.verdict] += 1;
  return counts;
}

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

/** `fail 3/200` */
export function oftenOf(verdict: Verdict, times: Summary): string {
  const total = Object.values(times).reduce((sum, count) => sum + count, 0);
  return `${verdict} ${times[verdict]}/${total}`;
}

/** `1 case`, `3 cases`. */
export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** A time as a person reads it: `840 ms`, `3.2 s`, `4 min 12 s`. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 99_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
}
