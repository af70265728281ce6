/** Reading fields of JSON that came from outside, and writing those of requests: what all APIs do alike. */

import { isCount } from '../model/answer.ts';
import type { ChoicePart, Substitute, TokenLimit, Turn } from '../model/api.ts';
import type { DetailKey, UsageField } from '../model/exchange.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { errorIn } from '../model/stated-error.ts';

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

/** The object with these fields alone. */
export function picked(body: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => names.includes(name)));
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

/** The error that an object reports, the same for all APIs. */
export const readError = errorIn;

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

/** A part of an answer's only choice that says nothing yet. */
export const NOTHING: ChoicePart = {
  index: 0,
  text: '',
  reasoning: '',
  toolCalls: '',
  finish: null,
  tokenIds: null,
};

/** What was said before and what is asked now, as messages. @param content of the last one */
export const turnsOf = (earlier: readonly Turn[], content: unknown): readonly JsonObject[] => [
  ...earlier.map(({ by, text: said }) => ({ role: by, content: said })),
  { role: 'user', content },
];

export const WEATHER = {
  name: 'get_weather',
  description: 'Get the weather of a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'] },
} as const;

/** How it was called, and what it gave. */
export const WEATHER_CALL = {
  arguments: { city: 'Paris' },
  result: JSON.stringify({ city: 'Paris', weather: 'sunny', celsius: 21 }),
} as const;

/** A tool as OpenAI has it, and those who follow. */
export const WEATHER_FUNCTION: JsonObject = { type: 'function', function: WEATHER };

/** A server that leaves zeros out says of a cache what it held, or what it had to take in: not both. */
function aboutOf(key: string): DetailKey['about'] {
  if (/reason|think|thought/.test(key)) return 'reasoning';
  return /creat|writ|miss|uncached|evict/.test(key) ? 'cache-fill' : 'anything';
}

/** What a usage says in its `*_tokens_details`. */
export function givenDetails(usage: JsonObject): readonly DetailKey[] {
  return Object.entries(usage).flatMap(([part, details]) =>
    part.endsWith('_tokens_details') && isJsonObject(details)
      ? Object.entries(details).flatMap(([key, value]) =>
          value === null ? [] : [{ name: `${part}.${key}`, about: aboutOf(key) }],
        )
      : [],
  );
}
