import type { ServerReport } from '../../model/report.ts';

/** Which APIs the server was found not to have, in a line; none where it has all. */
export function notServedLines({ notServed = [] }: ServerReport): readonly string[] {
  return notServed.length > 0 ? [`not served: ${notServed.join(', ')}`] : [];
}

/** What a run found out about a server besides its verdicts, a line each. */
export function notesOf(server: ServerReport): readonly string[] {
  return [...notServedLines(server), ...server.notes];
}
