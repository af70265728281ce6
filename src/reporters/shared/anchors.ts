/** Names of findings, servers and cases for links and files: the same in each run, whatever else was found. */
import type { Report, ServerReport } from '../../model/report.ts';
import type { FindingGroup } from './findings.ts';

const LONGEST = 80;

/** A text as a part of a file name or a link: lower case, without anything that means something to either. */
export function slug(text: string): string {
  const plain = text.toLowerCase().replace(/[^a-z0-9._]+/g, '-');
  return plain.slice(0, LONGEST).replace(/^[-.]+|[-.]+$/g, '') || 'x';
}

/** `usage-present-absent`, `usage-last-early-warn-accepted`. */
export function findingSlug({ check, classWord, verdict, baselined, lowered }: FindingGroup): string {
  const state = [
    verdict === 'warn' ? 'warn' : '',
    baselined ? 'known' : '',
    lowered === undefined ? '' : 'accepted',
  ];
  return [slug(check), ...(classWord === '' ? [] : [slug(classWord)]), ...state].filter(Boolean).join('-');
}

/** By their names, which are given by the user or are their addresses; what would be the same gets a number. */
export function serverSlugs(servers: Report['servers']): ReadonlyMap<ServerReport, string> {
  const names = unique(servers.map(({ name }) => slug(name)));
  return new Map(servers.map((server, i) => [server, names[i] ?? 'x']));
}

/** Names as they are; the second of the same name ends in `-2`. */
export function unique(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    let free = name;
    for (let i = 2; taken.has(free); i += 1) free = `${name}-${i}`;
    taken.add(free);
    return free;
  });
}
