/** Reading fields of JSON that came from outside, and writing those of requests: what all APIs do alike. */

import { isCount } from '../model/answer.ts';
import type { Substitute, TokenLimit } from '../model/api.ts';
import type { UsageField } from '../model/exchange.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';

/** A string field, or '' for anything else. */
export function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** An object field, or an empty one for anything else. */
export function objectOr(value: unknown): JsonObject {
  return isJsonObject(value) ? value : {};
}

export function without(body: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}

/** The first of these fields that is there and not null; null where none is. */
export function firstOf(body: JsonObject, names: readonly string[]): string | null {
  return names.find((name) => body[name] !== undefined && body[name] !== null) ?? null;
}

/** `usage` in its three states. A key that is there with `null` is not an absent key. */
export function usageField(value: JsonObject): UsageField {
  if (!('usage' in value) || value.usage === undefined) return { kind: 'absent' };
  const usage = value.usage;
  return usage === null ? { kind: 'null' } : { kind: 'value', value: usage };
}

/** The message of an error object or string in `error`; null where there is none. */
export function readError(value: JsonObject): string | null {
  const error = value.error;
  if (error === undefined || error === null || error === false) return null;
  if (typeof error === 'string') return error;
  if (isJsonObject(error) && typeof error.message === 'string') return error.message;
  return JSON.stringify(error);
}

/** The limit that a field sets. */
export function limitBy(body: JsonObject, by: string, newer = false): TokenLimit | null {
  const tokens = body[by];
  return isCount(tokens) ? { tokens, by, newer } : null;
}

/** Stop strings, one or a list of them. */
export function stopsIn(value: unknown): readonly string[] {
  return [value].flat().filter((stop) => typeof stop === 'string');
}

/** Where the parameter is refused, requests go without it. */
export function dropped(name: string): Substitute {
  return { name, note: 'refused; requests go without it', apply: (body) => without(body, name) };
}

/** A tool need not be called: where "none" is refused, "auto" is sent instead. */
export const ANY_TOOL: Substitute = {
  name: 'tool_choice',
  note: '"none" refused; "auto" is sent instead',
  apply: (body) => {
    if (body.tool_choice === 'none') return { ...body, tool_choice: 'auto' };
    return objectOr(body.tool_choice).type === 'none' ? { ...body, tool_choice: { type: 'auto' } } : body;
  },
};

export const WEATHER = {
  name: 'get_weather',
  description: 'Get the weather of a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
} as const;

/** A tool as OpenAI has it, and those who follow. */
export const WEATHER_FUNCTION: JsonObject = { type: 'function', function: WEATHER };
