/** Takes out secrets that a stream spells over several events. Pure. */
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { keepAsIs, type Redact } from '../wire/bounded.ts';
import { splitBefore, type TimedBytes } from './redacted-pieces.ts';
import { bytesOfEvent, eventsOf, withJson } from './stream-events.ts';

/** @returns the events with the whole of what spells a secret, redacted, in the first of them; else the pieces given */
export function withoutSpelt(pieces: readonly TimedBytes[], redact: Redact): readonly TimedBytes[] {
  if (redact === keepAsIs) return pieces;
  const events = eventsOf(pieces);
  const safe = withoutSpeltIn(
    events.map(({ json }) => json),
    redact,
  );
  if (safe === null) return pieces;
  return events.map((event, at) => {
    const json = safe[at] ?? null;
    return bytesOfEvent(json === null || json === event.json ? event : withJson(event, json));
  });
}

/**
 * @param chunks of a stream in order; null for what is none
 * @returns the chunks, those in which a secret is spelt changed as `withoutSpelt` says; null where there are none of these
 */
export function withoutSpeltIn(
  chunks: readonly (JsonObject | null)[],
  redact: Redact,
): readonly (JsonObject | null)[] | null {
  // By the place of a text in its chunk: what a client puts together.
  const texts = new Map<string, Array<{ at: number; text: string }>>();
  for (const [at, json] of chunks.entries()) {
    if (json === null) continue;
    withTexts(json, (place, text) => {
      const parts = texts.get(place) ?? [];
      parts.push({ at, text });
      texts.set(place, parts);
      return text;
    });
  }
  const instead = new Map<string, string>();
  for (const [place, parts] of texts) {
    const split = splitBefore(
      parts.map(({ text }) => text),
      redact,
    );
    if (!split?.includes(true)) continue;
    let first = '';
    for (const [nth, { at, text }] of parts.entries()) {
      const here = `${at} ${place}`;
      if (!split[nth]) first = here;
      instead.set(here, '');
      instead.set(first, `${instead.get(first) ?? ''}${text}`);
    }
  }
  if (instead.size === 0) return null;
  return chunks.map((chunk, at) => {
    if (chunk === null) return null;
    let changed = false;
    const json = withTexts(chunk, (place, text) => {
      const put = instead.get(`${at} ${place}`);
      changed ||= put !== undefined && put !== text;
      return put === undefined ? text : redact(put);
    });
    return changed ? json : chunk;
  });
}

type OnText = (place: string, text: string) => string;

/** A copy with other texts. */
function withTexts(json: JsonObject, onText: OnText): JsonObject {
  return Object.fromEntries(
    Object.entries(json).map(([key, value]) => [key, mapped(value, `.${key}`, onText)]),
  );
}

function mapped(value: unknown, place: string, onText: OnText): unknown {
  if (typeof value === 'string') return onText(place, value);
  if (Array.isArray(value)) {
    const placeOf = (item: unknown, at: number) =>
      isJsonObject(item) && typeof item.index === 'number' ? item.index : at;
    return value.map((item, at) => mapped(item, `${place}.${placeOf(item, at)}`, onText));
  }
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [key, mapped(item, `${place}.${key}`, onText)]),
  );
}
