import { isJsonObject, type JsonObject } from '../model/json.ts';

const MOST_MEMBERS = 32;
const MOST_DEPTH = 3;
const MOST_KEY = 64;
const NUMBER = /^-?\d{1,32}(\.\d{1,32})?$/;

/**
 * A usage as the server said it, without what is no count: a ledger holds no text of a server.
 * @returns null where it is no object
 */
export function reportedNumbers(usage: unknown, depth = MOST_DEPTH): JsonObject | null {
  if (!isJsonObject(usage)) return null;
  const kept: Array<readonly [string, unknown]> = [];
  for (const [key, value] of Object.entries(usage).slice(0, MOST_MEMBERS)) {
    const number = numberIn(value) ?? (depth > 1 ? reportedNumbers(value, depth - 1) : null);
    const isKept = number !== null || value === null;
    if (isKept && key.length <= MOST_KEY && /^\w+$/.test(key)) kept.push([key, number]);
  }
  return Object.fromEntries(kept);
}

/** Numbers as they are written, be it in quotes. */
function numberIn(value: unknown): number | boolean | string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'string' && NUMBER.test(value) ? value : null;
}
