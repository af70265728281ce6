/** Case ids: taken apart, and many of them said in little room. */
import type { ApiId, Mode } from '../../model/api.ts';

/** Modes as people say them. */
export const modeTitles: Readonly<Record<Mode, string>> = { stream: 'streaming', nonstream: 'non-streaming' };

/** The mode a case id names. */
export function modeOf(caseId: string): Mode {
  return caseId.split('/')[1] === 'nonstream' ? 'nonstream' : 'stream';
}

/** `chat · streaming` */
export function groupTitle(api: ApiId, mode: Mode): string {
  return `${api} · ${modeTitles[mode]}`;
}

/**
 * Ids folded by what they share: `chat/stream/asked/{text,short,…} (14 cases)`.
 *
 * @param most how many names stand between the braces before `…` takes over.
 */
export function compactCases(caseIds: readonly string[], most: number = 6): readonly string[] {
  const lines: string[] = [];
  for (const ids of groupBy(caseIds, (id) => part(id, 0, 2)).values()) {
    const scenarios = new Set(ids.map((id) => part(id, 3)));
    if (scenarios.size === 1 && ids.length > 1) {
      const options = ids.map((id) => part(id, 2, 3));
      lines.push(`${part(ids[0] ?? '', 0, 2)}/${braces(options, most)}/${[...scenarios].join('')}`);
      continue;
    }
    for (const [prefix, same] of groupBy(ids, (id) => part(id, 0, 3))) {
      const names = same.map((id) => part(id, 3));
      const count = names.length > most ? ` (${names.length} cases)` : '';
      lines.push(`${prefix}/${braces(names, most)}${count}`);
    }
  }
  return lines;
}

/** Items in groups, in order of first appearance. */
export function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group) group.push(item);
    else groups.set(key, [item]);
  }
  return groups;
}

function part(id: string, from: number, to?: number): string {
  return id.split('/').slice(from, to).join('/');
}

function braces(names: readonly string[], most: number): string {
  const shown = names.length > most ? [...names.slice(0, most), '…'] : names;
  return shown.length === 1 ? shown.join('') : `{${shown.join(',')}}`;
}
