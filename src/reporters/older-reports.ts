/** Reports as they were before results carried their class and the cause of a skip: both are derived from the text here, and nowhere else. */
import type { Report, Result } from '../model/report.ts';

/** A report read from a file, completed where an older version wrote it. */
export function completed(report: Report): Report {
  const servers = report.servers.map((server) => ({
    ...server,
    results: server.results.map(completedResult),
  }));
  return { ...report, servers };
}

/** Completes a single result. */
export function completedResult(result: Result): Result {
  const { observed, message, verdict } = result;
  if (verdict === 'skip' || verdict === 'error') {
    const cause = result.cause ?? innermost(message);
    return cause === message ? result : { ...result, cause };
  }
  return observed === '' || result.class !== undefined ? result : { ...result, class: firstWord(observed) };
}

/** The class is what `observed` begins with; one was printed as two words. */
function firstWord(observed: string): string {
  if (observed.startsWith('cut off')) return 'cut-off';
  return /^[^\s:,;.(]+/.exec(observed)?.[0] ?? '';
}

/** `a: was not judged (b: was not judged (c))`: c. */
function innermost(message: string): string {
  let inner = message;
  for (let next: string | undefined = message; next !== undefined; ) {
    inner = next;
    next = /^[a-z-]+: was not judged \((.*)\)$/.exec(inner)?.[1];
  }
  return inner;
}
