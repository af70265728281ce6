/** A JSON object as it came from outside: every field still has to be looked at before it is used. */
export type JsonObject = { readonly [key: string]: unknown };

/** True for a JSON object; false for null, arrays and scalars. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Parses text; undefined where it is no JSON (so that `null` stays a value of its own). */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
