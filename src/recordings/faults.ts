/** Faults laid over a recording, so that a client's developers can see what theirs does with a server that lies. */
import type { Api } from '../model/api.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { TimedBytes } from './redacted-pieces.ts';
import { bytesOfEvent, closed, eventsOf, newEvent, type StreamEvent, withJson } from './stream-events.ts';

/** What a fault makes of a recorded stream. `cut`: the connection breaks off after the last piece. */
export interface Played {
  readonly pieces: readonly TimedBytes[];
  readonly cut: boolean;
}

type Events = readonly StreamEvent[];

/** A recorded stream, with what its API says of it. */
class Stream {
  readonly events: Events;
  readonly #api: Api;

  constructor(api: Api, events: Events) {
    this.#api = api;
    this.events = events;
  }

  with(events: Events): Stream {
    return new Stream(this.#api, events);
  }

  get counts() {
    return this.#api.usageInChunk.counts;
  }

  usageOf({ json }: StreamEvent): JsonObject | null {
    return json === null ? null : this.#api.usageInChunk.find(json);
  }

  isEnd({ json, data }: StreamEvent): boolean {
    const { endMarker, usageInChunk } = this.#api;
    return endMarker === null ? json !== null && usageInChunk.ends(json) : data.trim() === endMarker;
  }

  /** Where the answer ends: the end marker, or all of it. */
  get end(): number {
    const at = this.events.findIndex((event) => this.isEnd(event));
    return at === -1 ? this.events.length : at;
  }

  /** Without usage: what else an event says (why it ended, text) is still said. */
  withoutUsage(event: StreamEvent): Events {
    const { json } = event;
    if (json === null || this.usageOf(event) === null) return [event];
    const { isAlone, replace } = this.#api.usageInChunk;
    return isAlone(json) ? [] : [withJson(event, replace(json, undefined))];
  }

  /** The usage of an event, in one of its own. */
  usageAlone(event: StreamEvent): StreamEvent {
    const { isAlone, alone, nameOf } = this.#api.usageInChunk;
    const { json } = event;
    if (json === null || isAlone(json)) return event;
    const usage = alone(json);
    return newEvent(event, JSON.stringify(usage), nameOf?.(usage));
  }

  /** The event with this usage. */
  withUsage(event: StreamEvent, usage: JsonObject | null): StreamEvent {
    return event.json === null ? event : withJson(event, this.#api.usageInChunk.replace(event.json, usage));
  }

  /** With each usage changed. */
  mapUsage(change: (usage: JsonObject) => JsonObject | null): Events {
    return this.events.map((event) => {
      const usage = this.usageOf(event);
      return usage === null ? event : this.withUsage(event, change(usage));
    });
  }

  insert(at: number, ...more: Events): Events {
    return [
      ...this.events.slice(0, at).map((event, place) => (place === at - 1 ? closed(event) : event)),
      ...more,
      ...this.events.slice(at),
    ];
  }
}

/** Every number, in the details too. */
const zeros = (usage: JsonObject): JsonObject =>
  Object.fromEntries(
    Object.entries(usage).map(([name, value]) => [
      name,
      typeof value === 'number' ? 0 : isJsonObject(value) ? zeros(value) : value,
    ]),
  );

const numberIn = (usage: JsonObject, name: string) => Number(usage[name] ?? 0);

interface Fault {
  readonly about: string;
  readonly change: (stream: Stream) => Events;
  readonly cut?: true;
}

const DELAY = 1000;
const END = 'the end marker';

const faults: Readonly<Record<string, Fault>> = {
  'drop-usage': {
    about: 'no chunk carries usage',
    change: (stream) => stream.events.flatMap((event) => stream.withoutUsage(event)),
  },
  'null-usage': { about: 'usage is null', change: (stream) => stream.mapUsage(() => null) },
  'zero-usage': { about: 'all counts are 0', change: (stream) => stream.mapUsage(zeros) },
  'partial-usage': {
    about: 'the total is missing; the completion count, where an API has no total',
    change: (stream) => {
      const { total, completion } = stream.counts;
      return stream.mapUsage((usage) =>
        Object.fromEntries(Object.entries(usage).filter(([name]) => name !== (total ?? completion))),
      );
    },
  },
  'string-usage': {
    about: 'the completion count is a string',
    change: (stream) => {
      const { completion } = stream.counts;
      return stream.mapUsage((usage) => ({ ...usage, [completion]: String(usage[completion] ?? 0) }));
    },
  },
  'wrong-total': {
    about: 'the total is one too many, where an API has one',
    change: (stream) => {
      const { prompt, completion, total } = stream.counts;
      if (total === null) return stream.events;
      return stream.mapUsage((usage) => ({
        ...usage,
        [total]: numberIn(usage, prompt) + numberIn(usage, completion) + 1,
      }));
    },
  },
  'duplicate-usage': {
    about: 'usage comes twice',
    change: (stream) =>
      stream.events.flatMap((event) =>
        stream.usageOf(event) === null ? [event] : [closed(event), stream.usageAlone(event)],
      ),
  },
  'repeat-usage': {
    about: 'every chunk carries usage',
    change: (stream) => {
      const usage = stream.events.map((event) => stream.usageOf(event)).findLast((one) => one !== null);
      if (usage === undefined) return stream.events;
      const { end } = stream;
      return stream.events.map((event, at) => (at > end ? event : stream.withUsage(event, usage)));
    },
  },
  'late-usage': {
    about: `usage comes after ${END}`,
    change: (stream) => {
      const late = stream.events
        .filter((event) => stream.usageOf(event) !== null)
        .slice(-1)
        .map((event) => stream.usageAlone(event));
      const rest = stream.events.flatMap((event) => stream.withoutUsage(event));
      return stream.with(rest).insert(rest.length, ...late);
    },
  },
  'no-done': {
    about: `${END} is missing`,
    change: (stream) => stream.events.filter((event) => !stream.isEnd(event)),
  },
  'two-dones': {
    about: `${END} comes twice`,
    change: (stream) =>
      stream.events.flatMap((event) => (stream.isEnd(event) ? [closed(event), event] : [event])),
  },
  cut: {
    about: 'the connection breaks off half-way',
    change: (stream) => stream.events.slice(0, Math.ceil(stream.end / 2)),
    cut: true,
  },
  garbage: {
    about: 'an event that is no JSON in mid-stream',
    change: (stream) => {
      const [first] = stream.events;
      if (first === undefined) return stream.events;
      return stream.insert(Math.min(1, stream.end), newEvent(first, '{"broken":[{'));
    },
  },
  delay: {
    about: `${DELAY / 1000} s of silence before the last two events`,
    change: ({ events }) =>
      events.map((event, at) => (at >= events.length - 2 ? { ...event, ms: event.ms + DELAY } : event)),
  },
};

export const faultNames: readonly string[] = Object.keys(faults);

/** "drop-usage: no chunk carries usage" for each fault. */
export const faultWords: readonly string[] = Object.entries(faults).map(
  ([name, { about }]) => `${name}: ${about}`,
);

/** Lays faults over a recorded stream of an API, in the order given. */
export function withFaults(api: Api, pieces: readonly TimedBytes[], names: readonly string[]): Played {
  const chosen = names.flatMap((name) => (Object.hasOwn(faults, name) ? (faults[name] ?? []) : []));
  const stream = new Stream(api, eventsOf(pieces));
  const events = chosen.reduce((changed, fault) => changed.with(fault.change(changed)), stream).events;
  return { pieces: events.map(bytesOfEvent), cut: chosen.some((fault) => fault.cut === true) };
}
