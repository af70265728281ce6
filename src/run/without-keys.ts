import type { Result, ServerReport } from '../model/report.ts';
import type { Redact } from '../wire/bounded.ts';
import { redacted } from '../wire/redact.ts';

/** The class word in front is the tester's own: a key such as "none" or "zero" does not take it out. */
function afterClassWord(text: string, redact: Redact): string {
  const own = /^[a-z-]+: /.exec(text)?.[0] ?? '';
  return own + redact(text.slice(own.length));
}

function resultWithoutKeys(result: Result, redact: Redact): Result {
  const { expected, observed, message, evidence, lowered, ...own } = result;
  return {
    ...own,
    ...(lowered === undefined ? {} : { lowered }),
    expected: redact(expected),
    observed: afterClassWord(observed, redact),
    message: afterClassWord(message, redact),
    ...(evidence === undefined ? {} : { evidence: redacted(evidence, redact) }),
  };
}

/** A server's report without its keys, in whatever a server may have had a say in; ids and verdicts stay. */
export function withoutKeys(server: ServerReport, redact: Redact): ServerReport {
  const orNull = (text: string | null) => (text === null ? null : redact(text));
  return {
    ...server,
    name: redact(server.name),
    baseUrl: redact(server.baseUrl),
    product: orNull(server.product),
    version: orNull(server.version),
    behind: orNull(server.behind),
    model: orNull(server.model),
    halt: redacted(server.halt, redact),
    notes: redacted(server.notes, redact),
    results: server.results.map((result) => resultWithoutKeys(result, redact)),
  };
}
