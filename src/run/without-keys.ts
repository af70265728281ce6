import { isJsonObject, parseJson } from '../model/json.ts';
import type { Evidence, Result, ServerReport } from '../model/report.ts';
import { withoutSpeltIn } from '../recordings/spelt-secrets.ts';
import { keepAsIs, type Redact } from '../wire/bounded.ts';
import { redacted } from '../wire/redact.ts';

/** The class word in front is the tester's own: a key such as "none" or "zero" does not take it out. */
function afterClassWord(text: string, redact: Redact): string {
  const own = /^[a-z-]+: /.exec(text)?.[0] ?? '';
  return own + redact(text.slice(own.length));
}

/** A key may be spelt over several frames: in none of them it stands whole. */
function withoutSpeltKeys(evidence: Evidence, redact: Redact): Evidence {
  if (redact === keepAsIs) return evidence;
  const chunks = evidence.frames.map(({ data }) => {
    const value = parseJson(data);
    return isJsonObject(value) ? value : null;
  });
  const safe = withoutSpeltIn(chunks, redact);
  if (safe === null) return evidence;
  const frames = evidence.frames.map((frame, at) => {
    const chunk = safe[at] ?? null;
    return chunk === null || chunk === chunks[at] ? frame : { ...frame, data: JSON.stringify(chunk) };
  });
  return { ...evidence, frames };
}

function resultWithoutKeys(result: Result, redact: Redact): Result {
  const { expected, observed, message, evidence, lowered, ...own } = result;
  return {
    ...own,
    ...(lowered === undefined ? {} : { lowered }),
    expected: redact(expected),
    observed: afterClassWord(observed, redact),
    message: afterClassWord(message, redact),
    ...(evidence === undefined ? {} : { evidence: redacted(withoutSpeltKeys(evidence, redact), redact) }),
  };
}

/** A server's report without its keys, in whatever a server may have had a say in; ids and verdicts stay. */
export function withoutKeys(server: ServerReport, redact: Redact): ServerReport {
  const orNull = (text: string | null) => (text === null ? null : redact(text));
  const { silentReferences: silent } = server;
  return {
    ...server,
    ...(silent === undefined
      ? {}
      : { silentReferences: silent.map(({ source, message }) => ({ source, message: redact(message) })) }),
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
