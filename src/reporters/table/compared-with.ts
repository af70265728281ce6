/** What counts were compared with, in a line below the table: `ref: /tokenize, gguf, forced length`. */

import { groupBy } from '../../model/group-by.ts';
import type { Report, ServerReport } from '../../model/report.ts';
import { harmlessDeep } from '../../text/harmless.ts';
import { joinTitles, serverTitles } from '../shared/server-title.ts';
import { wrapToColumns } from './columns.ts';
import { paletteOf } from './palette.ts';
import type { TerminalOptions } from './table.ts';

/** Empty where nothing was; an estimate is shown beside single counts only, for it judges none. */
function comparedWith({ results }: Pick<ServerReport, 'results'>): string {
  const judged = results.filter(({ verdict }) => verdict !== 'skip' && verdict !== 'error');
  const names = judged.flatMap(({ reference }) => reference?.split(', ') ?? []);
  return [...new Set(names)].sort().join(', ');
}

/** One line where all servers were compared with the same, else one for each set of sources. */
export function renderComparedWith(report: Report, { width, colour }: TerminalOptions): string {
  const servers = harmlessDeep(report.servers, 120);
  const titles = serverTitles(servers);
  const named = servers.flatMap((server, i) => {
    const title = titles[i];
    const names = comparedWith(server);
    return title === undefined || names === '' ? [] : [{ title, names }];
  });
  const groups = [...groupBy(named, ({ names }) => names)];
  const alone = groups.length === 1 && named.length === servers.length;
  const lines = groups.map(([names, same]) =>
    alone ? `ref: ${names}` : `ref: ${names} (${joinTitles(same.map(({ title }) => title))})`,
  );
  if (lines.length === 0) return '';
  const wrapped = lines.flatMap((line) => wrapToColumns(line, width));
  return `${wrapped.map(paletteOf(colour).faint).join('\n')}\n`;
}
