/** Results in groups: what was seen in several cases or on several servers is shown once. */

import { adviceOn, type ServerAdvice } from '../../judge/advice.ts';
import { byHarm, findingKey } from '../../judge/headline.ts';
import { printedClass } from '../../model/finding.ts';
import { groupBy } from '../../model/group-by.ts';
import type { Report, Result, ServerReport, ShownFrame, Verdict } from '../../model/report.ts';
import { plural } from '../../text/plural.ts';
import { checkOrder } from './grid.ts';
import { concernIn, type Words } from './headline-text.ts';
import { type ServerTitle, serverTitles } from './server-title.ts';

/** A result and the server it is about. */
interface Placed {
  readonly server: ServerReport;
  readonly title: ServerTitle;
  readonly result: Result;
}

/** One server's share in a finding. */
export interface Share {
  readonly server: ServerReport;
  readonly title: ServerTitle;
  readonly results: readonly Result[];
}

/** The same check that came out the same way, on every server and in every case where it did. */
export interface FindingGroup {
  readonly check: string;
  readonly verdict: Verdict;
  /** How the rule was broken, as it is printed. */
  readonly classWord: string;
  readonly baselined: boolean;
  readonly lowered: Result['lowered'];
  /** By server, in the report's order. */
  readonly shares: readonly Share[];
  /** The result it is shown by: one that came twice and has evidence, where there is one. */
  readonly shown: Placed;
}

/** A reason why something could not be judged, with all that it kept from being judged. */
export interface UnjudgedGroup {
  readonly server: ServerReport;
  readonly title: ServerTitle;
  readonly message: string;
  readonly results: readonly Result[];
}

/** How findings are put in order. */
export interface Ordering {
  readonly words: Words;
  /** Check ids in the catalogue's order. */
  readonly order?: readonly string[] | undefined;
}

/** Findings of one verdict, the most harmful first: the same check and class appear once, on all servers together. */
export function findingsOf(
  report: Report,
  verdict: 'fail' | 'warn',
  { words, order = [] }: Ordering,
): readonly FindingGroup[] {
  const checks = checkOrder(report.servers, order);
  const placed = placedResults(report).filter(({ result }) => result.verdict === verdict);
  return [...groupBy(placed, ({ result }) => findingKey(result)).values()]
    .flatMap(toFinding)
    .sort((a, b) => checks.indexOf(a.check) - checks.indexOf(b.check))
    .sort(byHarm(concernIn(words), casesIn));
}

/** Cases it was seen in, on all servers. */
export function casesIn({ shares }: FindingGroup): number {
  return shares.reduce((sum, { results }) => sum + results.length, 0);
}

/** The advice on a finding, on all its servers; versions of one product share what is known of them. */
export function adviceOfFinding({ shares }: FindingGroup, words: Words): readonly ServerAdvice[] {
  const advice = shares.flatMap(({ server, results }) => adviceOn(server, results, concernIn(words)));
  return [...new Map(advice.map((one) => [one.fact, one])).values()];
}

/** Skips or errors by server and reason. */
export function unjudgedOf(report: Report, verdict: 'skip' | 'error'): readonly UnjudgedGroup[] {
  const titles = serverTitles(report.servers);
  return report.servers.flatMap((server, i) => {
    const results = server.results.filter((result) => result.verdict === verdict);
    return [...groupBy(results, (result) => result.message)].flatMap(([message, same]) => {
      const title = titles[i];
      return title ? [{ server, title, message, results: same }] : [];
    });
  });
}

function placedResults(report: Report): readonly Placed[] {
  const titles = serverTitles(report.servers);
  return report.servers.flatMap((server, i) => {
    const title = titles[i];
    return title ? server.results.map((result) => ({ server, title, result })) : [];
  });
}

function toFinding(group: readonly Placed[]): readonly FindingGroup[] {
  const shown =
    group.find(({ result }) => result.evidence && result.confirmed === '2/2') ?? withEvidence(group);
  if (shown === undefined) return [];
  const byServer = new Map<ServerReport, { title: ServerTitle; results: Result[] }>();
  for (const { server, title, result } of group) {
    const share = byServer.get(server);
    if (share) share.results.push(result);
    else byServer.set(server, { title, results: [result] });
  }
  const { check, verdict, class: id = '', baselined, lowered } = shown.result;
  const shares = [...byServer].map(([server, share]) => ({ server, ...share }));
  return [{ check, verdict, classWord: printedClass(id), baselined, lowered, shares, shown }];
}

function withEvidence(group: readonly Placed[]): Placed | undefined {
  return group.find(({ result }) => result.evidence) ?? group[0];
}

/** A frame in one line, its event name in front where it has one. */
export function frameText(frame: Pick<ShownFrame, 'event' | 'data'>): string {
  return frame.event ? `${frame.event}: ${frame.data}` : frame.data;
}

/** How often it came when it was retried. */
export function confirmation(finding: FindingGroup): string {
  const all = finding.shares.flatMap((share) => share.results);
  const said = (value: Result['confirmed'], words: string) => {
    const count = all.filter((result) => result.confirmed === value).length;
    return count === 0 ? [] : [count === all.length ? words : `${words} in ${plural(count, 'case')}`];
  };
  return [
    ...said('2/2', '2/2'),
    ...said('1/2', '1/2 (intermittent: it came once, and not again)'),
    ...said('-', 'not asked again'),
  ].join('; ');
}
