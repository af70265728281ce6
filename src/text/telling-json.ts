/** JSON of which only what tells something is kept. */

/** More entries of a list are only counted. */
const MOST_ENTRIES = 4;
/** What was left out; no field of a server's is called that. */
const LEFT_OUT = '…';

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * The value with the kept fields and what holds them; undefined where it has none. An object that lost something has a
 * field `…`, a list that did ends with `… 12 in all`.
 * @param keep names of fields, at any depth
 */
function tellingPart(value: unknown, keep: ReadonlySet<string>): unknown {
  if (Array.isArray(value)) {
    const parts = value.slice(0, MOST_ENTRIES).map((entry) => tellingPart(entry, keep));
    if (parts.every((part) => part === undefined)) return undefined;
    const shown = parts.map((part) => part ?? { [LEFT_OUT]: LEFT_OUT });
    return value.length > MOST_ENTRIES ? [...shown, `${LEFT_OUT} ${value.length} in all`] : shown;
  }
  if (!isObject(value)) return undefined;
  const entries = Object.entries(value).flatMap(([name, inner]): Array<[string, unknown]> => {
    const part = tellingPart(inner, keep);
    if (part !== undefined) return [[name, part]];
    return keep.has(name) ? [[name, inner]] : [];
  });
  if (entries.length === 0) return undefined;
  const lost = entries.length < Object.keys(value).length;
  return Object.fromEntries(lost ? [[LEFT_OUT, LEFT_OUT], ...entries] : entries);
}

/** `{… "a": [], "b": {"c": 5}}`: such a value in one line that can be wrapped at its spaces. */
function tellingText(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(tellingText).join(', ')}]`;
  if (typeof value === 'string' && value.startsWith(LEFT_OUT)) return value;
  if (!isObject(value)) return JSON.stringify(value) ?? '';
  const { [LEFT_OUT]: lost, ...rest } = value;
  const members = Object.entries(rest).map(
    ([name, inner]) => `${JSON.stringify(name)}: ${tellingText(inner)}`,
  );
  return `{${lost === undefined ? '' : LEFT_OUT}${lost !== undefined && members.length > 0 ? ' ' : ''}${members.join(', ')}}`;
}

/** The JSON text with what tells something alone, as `tellingText` has it; null where it is none, or nothing of it does. */
export function tellingOf(json: string, keep: readonly string[]): string | null {
  return ofTelling(json, keep, tellingText);
}

/** The same as JSON again. */
export function tellingJson(json: string, keep: readonly string[]): string | null {
  return ofTelling(json, keep, (part) => JSON.stringify(part));
}

function ofTelling(json: string, keep: readonly string[], write: (part: unknown) => string): string | null {
  try {
    const part = tellingPart(JSON.parse(json), new Set(keep));
    return part === undefined ? null : write(part);
  } catch {
    // No JSON, or nested too deep.
    return null;
  }
}
