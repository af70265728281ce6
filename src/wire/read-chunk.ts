import type { Choices, Chunk, StreamReader } from '../model/api.ts';
import type { ChoicesShape } from '../model/exchange.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { errorIn, statedBy } from '../model/stated-error.ts';

/** The name of events that report an error, whatever their data look like. */
export const ERROR_EVENT = 'error';

/** A JSON object; null for anything else, broken JSON and several values in a row included. */
export function parseObject(data: string): JsonObject | null {
  // JSON.parse says no by throwing, which is slow: a stream may hold a million such events.
  if (data.trimStart()[0] !== '{') return null;
  try {
    const value: unknown = JSON.parse(data);
    return isJsonObject(value) ? value : null;
  } catch {
    return null;
  }
}

/** One event's data as the API's reader has it; null where it is no JSON object. */
export function readChunk(reader: StreamReader, data: string, event: string | undefined): Chunk | null {
  const value = parseObject(data);
  if (value === null) return null;
  const chunk = reader.read(value, event);
  return event === ERROR_EVENT && chunk.error === null
    ? { ...chunk, error: errorIn(value) ?? statedBy(value) }
    : chunk;
}

/** How `choices` of a chunk look. */
export function choicesShape(choices: Choices): ChoicesShape {
  if (typeof choices === 'string') return choices;
  return choices.length === 0 ? 'empty' : 'non-empty';
}
