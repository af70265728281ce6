/** A request as a recording names it. */
export interface Asked {
  readonly method: string;
  /** With the query. */
  readonly path: string;
  readonly body?: unknown;
}

/** What makes two requests the same: method, path and body, with fields in any order. */
export function requestKey({ method, path, body }: Asked): string {
  return `${method} ${path} ${JSON.stringify(inOrder(body ?? null))}`;
}

function inOrder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(inOrder);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(fields.map(([name, field]) => [name, inOrder(field)]));
}
