/** A ticket for each finding of each server, as files. */
import type { Report, Result } from '../../model/report.ts';
import { findingSlug, serverSlugs, unique } from '../shared/anchors.ts';
import { findingsOf } from '../shared/findings.ts';
import type { TerminalOptions } from '../table/table.ts';
import { ticketText } from './ticket.ts';

export interface Ticket {
  /** Name of the file: the same in each run. */
  readonly file: string;
  readonly text: string;
}

/**
 * Tickets for what fails or is warned about. What the maintainers call intended has none.
 * @param wanted of which results; left out: of all
 */
export function ticketsOf(
  report: Report,
  { words, order }: Pick<TerminalOptions, 'words' | 'order'>,
  wanted: (server: string, result: Result) => boolean = () => true,
): readonly Ticket[] {
  const servers = serverSlugs(report.servers);
  const findings = [
    ...findingsOf(report, 'fail', { words, order }),
    ...findingsOf(report, 'warn', { words, order }),
  ];
  const tickets = findings
    .filter(({ lowered }) => lowered === undefined)
    .flatMap((finding) =>
      finding.shares
        .filter(({ server, results }) => results.some((result) => wanted(server.name, result)))
        .map((share) => ({
          name: `${findingSlug(finding)}--${servers.get(share.server)}`,
          text: ticketText(report, finding, share, words),
        })),
    );
  const names = unique(tickets.map(({ name }) => name));
  return tickets.map(({ text }, i) => ({ file: `${names[i]}.md`, text }));
}
