/** Faults laid over a recording, so that a client's developers can see what theirs does with a server that lies. */
import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { TimedBytes } from './redacted-pieces.ts';
import { bytesOfEvent, closed, eventsOf, newEvent, type StreamEvent, withJson } from './stream-events.ts';

/** What a fault makes of a recorded stream. `cut`: the connection breaks off after the last piece. */
export interface Played {
  readonly pieces: readonly TimedBytes[];
  readonly cut: boolean;
}

type Events = readonly StreamEvent[];

const usageOf = ({ json }: StreamEvent): JsonObject | null => {
  const usage = json?.['usage'];
  return isJsonObject(usage) ? usage : null;
};

/** The event carries nothing but usage. */
const isUsageAlone = ({ json }: StreamEvent) => {
  const choices = json?.['choices'];
  return !Array.isArray(choices) || choices.length === 0;
};

/** Without usage: what else an event says (a finish_reason, text) is still said. */
function withoutUsage(event: StreamEvent): Events {
  if (usageOf(event) === null || event.json === null) return [event];
  if (isUsageAlone(event)) return [];
  const { usage: _taken, ...rest } = event.json;
  return [withJson(event, rest)];
}

/** The usage of an event, in one of its own. */
function usageAlone(event: StreamEvent): StreamEvent {
  return isUsageAlone(event) ? event : newEvent(event, JSON.stringify({ ...event.json, choices: [] }));
}

const onUsage =
  (change: (usage: JsonObject) => unknown) =>
  (events: Events): Events =>
    events.map((event) => {
      const usage = usageOf(event);
      return usage === null ? event : withJson(event, { ...event.json, usage: change(usage) });
    });

/** Every number, in the details too. */
const zeros = (usage: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(usage).map(([name, value]) => [
      name,
      typeof value === 'number' ? 0 : isJsonObject(value) ? zeros(value) : value,
    ]),
  );

const numberIn = (usage: JsonObject, name: string) => Number(usage[name] ?? 0);

/** Where the stream's answer ends: the end marker, or all of it. */
const endOf = (events: Events) => {
  const at = events.findIndex(({ isEnd }) => isEnd);
  return at === -1 ? events.length : at;
};

const insert = (events: Events, at: number, ...more: Events): Events => [
  ...events.slice(0, at).map((event, place) => (place === at - 1 ? closed(event) : event)),
  ...more,
  ...events.slice(at),
];

interface Fault {
  readonly about: string;
  readonly change: (events: Events) => Events;
  readonly cut?: true;
}

const DELAY = 1000;

const faults: Readonly<Record<string, Fault>> = {
  'drop-usage': { about: 'no chunk carries usage', change: (events) => events.flatMap(withoutUsage) },
  'null-usage': { about: 'usage is null', change: onUsage(() => null) },
  'zero-usage': { about: 'all counts are 0', change: onUsage(zeros) },
  'partial-usage': {
    about: 'the total is missing',
    change: onUsage(({ total_tokens: _missing, ...usage }) => usage),
  },
  'string-usage': {
    about: 'the completion count is a string',
    change: onUsage((usage) => ({ ...usage, completion_tokens: String(usage['completion_tokens'] ?? 0) })),
  },
  'wrong-total': {
    about: 'the total is one too many',
    change: onUsage((usage) => ({
      ...usage,
      total_tokens: numberIn(usage, 'prompt_tokens') + numberIn(usage, 'completion_tokens') + 1,
    })),
  },
  'duplicate-usage': {
    about: 'usage comes twice',
    change: (events) =>
      events.flatMap((event) => (usageOf(event) === null ? [event] : [closed(event), usageAlone(event)])),
  },
  'repeat-usage': {
    about: 'every chunk carries usage',
    change: (events) => {
      const usage = events.map(usageOf).findLast((one) => one !== null);
      if (usage === undefined) return events;
      const end = endOf(events);
      return events.map((event, at) =>
        event.json === null || at > end ? event : withJson(event, { ...event.json, usage }),
      );
    },
  },
  'late-usage': {
    about: 'usage comes after [DONE]',
    change: (events) => {
      const late = events
        .filter((event) => usageOf(event) !== null)
        .slice(-1)
        .map(usageAlone);
      const rest = events.flatMap(withoutUsage);
      return insert(rest, rest.length, ...late);
    },
  },
  'no-done': { about: '[DONE] is missing', change: (events) => events.filter(({ isEnd }) => !isEnd) },
  'two-dones': {
    about: '[DONE] comes twice',
    change: (events) => events.flatMap((event) => (event.isEnd ? [closed(event), event] : [event])),
  },
  cut: {
    about: 'the connection breaks off half-way',
    change: (events) => events.slice(0, Math.ceil(endOf(events) / 2)),
    cut: true,
  },
  garbage: {
    about: 'an event that is no JSON in mid-stream',
    change: (events) => {
      const [first] = events;
      if (first === undefined) return events;
      return insert(events, Math.min(1, endOf(events)), newEvent(first, '{"choices":[{'));
    },
  },
  delay: {
    about: `${DELAY / 1000} s of silence before the last two events`,
    change: (events) =>
      events.map((event, at) => (at >= events.length - 2 ? { ...event, ms: event.ms + DELAY } : event)),
  },
};

export const faultNames: readonly string[] = Object.keys(faults);

/** "drop-usage: no chunk carries usage" for each fault. */
export const faultWords: readonly string[] = Object.entries(faults).map(
  ([name, { about }]) => `${name}: ${about}`,
);

/** Lays faults over a recorded stream, in the order given. */
export function withFaults(pieces: readonly TimedBytes[], names: readonly string[]): Played {
  const chosen = names.flatMap((name) => (Object.hasOwn(faults, name) ? (faults[name] ?? []) : []));
  const events = chosen.reduce((list, fault) => fault.change(list), eventsOf(pieces));
  return { pieces: events.map(bytesOfEvent), cut: chosen.some((fault) => fault.cut === true) };
}
