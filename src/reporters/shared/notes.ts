import type { ServerReport } from '../../model/report.ts';

/** Which APIs the server was found not to have, in a line; none where it has all. */
export function notServedLines({ notServed = [] }: ServerReport): readonly string[] {
  return notServed.length > 0 ? [`not served: ${notServed.join(', ')}`] : [];
}

/** A version that nobody tells can be given: reports, baselines and advice go by it. */
function labelLines({ product, version, launched, baseUrl }: ServerReport): readonly string[] {
  if (product === null || version !== null || launched !== undefined) return [];
  return [`it does not tell its version: --label "${product} VERSION=${baseUrl}" names it`];
}

/** What a run found out about a server besides its verdicts, a line each. */
export function notesOf(server: ServerReport): readonly string[] {
  return [...notServedLines(server), ...labelLines(server), ...server.notes];
}
