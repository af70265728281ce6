/** Case ids: taken apart, and many of them said in little room. */

import type { ApiId, Mode } from '../../model/api.ts';
import { casePrefix, parseCase } from '../../model/case-id.ts';
import { groupBy } from '../../model/group-by.ts';

/** Modes as people say them. */
export const modeTitles: Readonly<Record<Mode, string>> = { stream: 'streaming', nonstream: 'non-streaming' };

/** `chat · streaming` */
export function groupTitle(api: ApiId, mode: Mode): string {
  return `${api} · ${modeTitles[mode]}`;
}

/**
 * Ids folded by what they share: `chat/stream/asked/{text,short,…} (14 cases)`.
 *
 * @param most names between the braces; `…` stands for the rest
 */
export function compactCases(caseIds: readonly string[], most: number = 6): readonly string[] {
  const lines: string[] = [];
  const cases = caseIds.map(parseCase);
  for (const [start, same] of groupBy(cases, ({ api, mode }) => `${api}/${mode}`)) {
    const scenarios = new Set(same.map(({ scenario }) => scenario));
    if (scenarios.size === 1 && same.length > 1) {
      const options = same.map(({ option }) => option);
      lines.push(`${start}/${braces(options, most)}/${[...scenarios].join('')}`);
      continue;
    }
    for (const [prefix, some] of groupBy(same, casePrefix)) {
      const names = some.map(({ scenario }) => scenario);
      const count = names.length > most ? ` (${names.length} cases)` : '';
      lines.push(`${prefix}/${braces(names, most)}${count}`);
    }
  }
  return lines;
}

function braces(names: readonly string[], most: number): string {
  const shown = names.length > most ? [...names.slice(0, most), '…'] : names;
  return shown.length === 1 ? shown.join('') : `{${shown.join(',')}}`;
}
