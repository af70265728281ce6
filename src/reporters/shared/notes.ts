import type { ServerReport } from '../../model/report.ts';

/** What a run found out about a server besides its verdicts, a line each. */
export function notesOf({ notServed = [], notes }: ServerReport): readonly string[] {
  return [...(notServed.length > 0 ? [`not served: ${notServed.join(', ')}`] : []), ...notes];
}
