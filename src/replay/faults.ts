/** Faults laid over a recording, so that a client's developers can see what theirs does with a server that lies. */
import { isJsonObject, type JsonObject, parseJson } from '../json.ts';

/** A piece of a body with its ms offset. */
export type TimedText = readonly [ms: number, text: string];

/** What a fault makes of a recorded stream. `cut`: the connection breaks off after the last piece. */
export interface Played {
  readonly pieces: readonly TimedText[];
  readonly cut: boolean;
}

/** One event of a stream: its JSON where it is an object, else its text as it came. */
type Event =
  | { readonly ms: number; readonly json: JsonObject }
  | { readonly ms: number; readonly raw: string };

const hasUsage = (event: Event): event is Extract<Event, { json: JsonObject }> =>
  'json' in event && isJsonObject(event.json['usage']);
const isDone = (event: Event) => 'raw' in event && event.raw.includes('[DONE]');

/** Splits at blank lines; comments and the end marker stay as they are. */
function eventsOf(pieces: readonly TimedText[]): Event[] {
  const events: Event[] = [];
  let rest = '';
  let last = 0;
  for (const [ms, text] of pieces) {
    const parts = (rest + text).split('\n\n');
    rest = parts.pop() ?? '';
    last = ms;
    for (const part of parts) events.push(eventOf(part, ms));
  }
  if (rest.trim() !== '') events.push(eventOf(rest, last));
  return events;
}

function eventOf(part: string, ms: number): Event {
  const value = part.startsWith('data:') ? parseJson(part.slice('data:'.length)) : undefined;
  return isJsonObject(value) ? { ms, json: value } : { ms, raw: part };
}

const written = (event: Event): TimedText => [
  event.ms,
  'json' in event ? `data: ${JSON.stringify(event.json)}\n\n` : `${event.raw}\n\n`,
];

const onUsage =
  (change: (usage: JsonObject) => unknown) =>
  (events: Event[]): Event[] =>
    events.map((event) => {
      if (!hasUsage(event)) return event;
      const usage = event.json['usage'];
      return { ms: event.ms, json: { ...event.json, usage: isJsonObject(usage) ? change(usage) : usage } };
    });

/** Every number, in the details too. */
const zeros = (usage: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(usage).map(([name, value]) => [
      name,
      typeof value === 'number' ? 0 : isJsonObject(value) ? zeros(value) : value,
    ]),
  );

interface Fault {
  readonly about: string;
  /** What a client should not notice as an answer: which events come. */
  readonly change: (events: Event[]) => Event[];
  readonly cut?: true;
}

const faults: Readonly<Record<string, Fault>> = {
  'drop-usage': {
    about: 'no chunk carries usage',
    change: (events) => events.filter((event) => !hasUsage(event)),
  },
  'null-usage': { about: 'usage is null', change: onUsage(() => null) },
  'zero-usage': { about: 'all counts are 0', change: onUsage(zeros) },
  'partial-usage': {
    about: 'the total is missing',
    change: onUsage((usage) => ({ ...usage, total_tokens: undefined })),
  },
  'string-usage': {
    about: 'counts are strings',
    change: onUsage((usage) => ({ ...usage, completion_tokens: String(usage['completion_tokens']) })),
  },
  'wrong-total': {
    about: 'the total is one too many',
    change: onUsage((usage) => ({ ...usage, total_tokens: Number(usage['total_tokens']) + 1 })),
  },
  'duplicate-usage': {
    about: 'the chunk with usage comes twice',
    change: (events) => events.flatMap((event): Event[] => (hasUsage(event) ? [event, event] : [event])),
  },
  'late-usage': {
    about: 'usage comes after [DONE]',
    change: (events) => [...events.filter((event) => !hasUsage(event)), ...events.filter(hasUsage)],
  },
  'no-done': { about: '[DONE] is missing', change: (events) => events.filter((event) => !isDone(event)) },
  'two-dones': {
    about: '[DONE] comes twice',
    change: (events) => events.flatMap((event): Event[] => (isDone(event) ? [event, event] : [event])),
  },
  cut: {
    about: 'the connection breaks off half-way',
    change: (events) => events.slice(0, Math.ceil(events.length / 2)),
    cut: true,
  },
  garbage: {
    about: 'an event that is no JSON in mid-stream',
    change: (events) => [
      ...events.slice(0, 1),
      ...events.slice(1, 2).map(({ ms }) => ({ ms, raw: 'data: {"choices":[{' })),
      ...events.slice(1),
    ],
  },
  delay: {
    about: 'a second before the last two events',
    change: (events) =>
      events.map((event, at) => (at >= events.length - 2 ? { ...event, ms: event.ms + 1000 } : event)),
  },
};

export const faultNames: readonly string[] = Object.keys(faults);

/** "drop-usage: no chunk carries usage" for each fault. */
export const faultWords: readonly string[] = Object.entries(faults).map(
  ([name, { about }]) => `${name}: ${about}`,
);

/** True where the name is a fault. */
export function isFault(name: string): boolean {
  return Object.hasOwn(faults, name);
}

/** Lays faults over a recorded stream, in the order given. Bodies that are no event stream stay as they are. */
export function withFaults(pieces: readonly TimedText[], names: readonly string[]): Played {
  const chosen = names.flatMap((name) => faults[name] ?? []);
  if (chosen.length === 0) return { pieces, cut: false };
  const events = chosen.reduce((list, fault) => fault.change(list), eventsOf(pieces));
  return { pieces: events.map(written), cut: chosen.some((fault) => fault.cut === true) };
}
