/**
 * What is done to a recorded reply. Each mutation takes a reply and two whole numbers that choose where and what, and
 * gives another reply of the recording format: from one bit to no answer at all.
 */
import { bytesOf } from '../build/recordings/recording.js';
import { bytesOfEvent, eventsOf, newEvent, withJson } from '../build/recordings/stream-events.js';
import { ENDS, GARBAGE, HEADERS, KEYS, STATUSES, VALUES } from './hostile-values.mjs';

const pick = (list, n) => list[n % list.length];

const bodyOf = ({ pieces }) => Buffer.concat(pieces.map(bytesOf));
const timed = ({ pieces }) => pieces.map((piece) => ({ ms: piece[0], bytes: bytesOf(piece) }));
const pieceOf = ({ ms, bytes }) => [ms, { base64: Buffer.from(bytes).toString('base64') }];

/** The reply with this body, which comes as a whole when its last piece came. */
const withBody = (reply, bytes) => ({
  ...reply,
  pieces: [pieceOf({ ms: reply.pieces.at(-1)?.[0] ?? 0, bytes })],
});

/** Bytes before, at and after a place. */
function around(reply, place, length) {
  const bytes = bodyOf(reply);
  const at = place % (bytes.length + 1);
  return [bytes.subarray(0, at), bytes.subarray(at, at + length), bytes.subarray(at + length)];
}

/** Every place in a JSON value, as the object or array and the key in it. */
function placesIn(value, depth = 0) {
  if (typeof value !== 'object' || value === null || depth > 20) return [];
  return Object.keys(value).flatMap((key) => [{ in: value, key }, ...placesIn(value[key], depth + 1)]);
}

/** Changes one place of a JSON document. */
function changedAt(json, n, change) {
  const copy = structuredClone(json);
  const places = placesIn(copy);
  if (places.length > 0) change(pick(places, n));
  return copy;
}

/** Changes the events of a stream; what has no blank line is one event. */
const onEvents = (change) => (reply, a, b) => ({
  ...reply,
  pieces: change(eventsOf(timed(reply)), a, b)
    .map(bytesOfEvent)
    .map(pieceOf),
});

/** Changes a place of one chunk, or of a whole answer. */
const onJson = (change) => (reply, a, b) => {
  const changed = (json) => changedAt(json, a, (place) => change(place, b));
  const events = eventsOf(timed(reply));
  const chunks = events.flatMap(({ json }, at) => (json === null ? [] : [at]));
  if (chunks.length > 0) {
    const at = pick(chunks, b);
    return onEvents(() => events.with(at, withJson(events[at], changed(events[at].json))))(reply);
  }
  try {
    return withBody(reply, Buffer.from(JSON.stringify(changed(JSON.parse(bodyOf(reply).toString())))));
  } catch {
    return reply;
  }
};

const swapped = (list, a, b) => {
  if (list.length === 0) return list;
  const [i, j] = [a % list.length, b % list.length];
  return list.with(i, list[j]).with(j, list[i]);
};

/** Mutations that make a body longer leave one alone that is long already: so many of them in a row would fill the memory. */
const LONG = 64 * 1024;
const MOST_PIECES = 1000;
const growing = (mutation) => (reply, a, b) => (bodyOf(reply).length > LONG ? reply : mutation(reply, a, b));

export const mutations = {
  'flip-bit': (reply, a, b) => {
    const [before, [byte], after] = around(reply, a, 1);
    return byte === undefined
      ? reply
      : withBody(reply, Buffer.concat([before, Buffer.of(byte ^ (1 << (b % 8))), after]));
  },
  'drop-bytes': (reply, a, b) => {
    const [before, , after] = around(reply, a, b % 200);
    return withBody(reply, Buffer.concat([before, after]));
  },
  'repeat-bytes': growing((reply, a, b) => {
    const [before, part, after] = around(reply, a, b % 200);
    return withBody(reply, Buffer.concat([before, part, part, after]));
  }),
  'insert-garbage': growing((reply, a, b) => {
    const [before, , after] = around(reply, a, 0);
    return withBody(reply, Buffer.concat([before, pick(GARBAGE, b), after]));
  }),
  'cut-body': (reply, a, b) => ({
    ...withBody(reply, around(reply, a, 0)[0]),
    end: pick(['cut', 'clean', 'stopped'], b),
  }),
  'empty-body': (reply) => ({ ...reply, pieces: [] }),
  'drop-event': onEvents((events, a) => events.filter((_, at) => at !== a % events.length)),
  'repeat-event': growing(
    onEvents((events, a, b) =>
      events.flatMap((event, at) => (at === a % events.length ? Array(2 + (b % 8)).fill(event) : [event])),
    ),
  ),
  'swap-events': onEvents(swapped),
  'reverse-events': onEvents((events) => events.toReversed()),
  'insert-lines': growing(
    onEvents((events, a, b) => {
      const at = a % (events.length + 1);
      const raw = pick(GARBAGE, b).toString('latin1');
      return events.toSpliced(at, 0, { ms: events[at]?.ms ?? 0, raw });
    }),
  ),
  'insert-event': onEvents((events, a, b) =>
    events.length === 0
      ? events
      : events.toSpliced(a % events.length, 0, newEvent(pick(events, b), JSON.stringify(pick(VALUES, b)))),
  ),
  'change-value': onJson((place, b) => {
    place.in[place.key] = pick(VALUES, b);
  }),
  'change-number': onJson((place, b) => {
    if (typeof place.in[place.key] === 'number') place.in[place.key] += (b % 5) - 2;
  }),
  'drop-key': onJson((place) => {
    if (Array.isArray(place.in)) place.in.splice(Number(place.key), 1);
    else delete place.in[place.key];
  }),
  'rename-key': onJson((place, b) => {
    const value = place.in[place.key];
    delete place.in[place.key];
    Object.defineProperty(place.in, pick(KEYS, b), {
      value,
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }),
  'small-pieces': (reply, a) => {
    const bytes = bodyOf(reply);
    const size = Math.max(1 + (a % 7), Math.ceil(bytes.length / MOST_PIECES));
    const starts = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) => at * size);
    const ms = reply.pieces.at(-1)?.[0] ?? 0;
    return {
      ...reply,
      pieces: starts.map((start) => pieceOf({ ms, bytes: bytes.subarray(start, start + size) })),
    };
  },
  'change-times': (reply, a, b) => ({
    ...reply,
    endMs: b % 86_400_000,
    headMs: a % 86_400_000,
    pieces: reply.pieces.map(([ms, data], at) => [(ms * at + a) % 86_400_000, data]),
  }),
  'change-status': (reply, a) => ({ ...reply, status: pick(STATUSES, a) }),
  'change-header': (reply, a) => ({
    ...reply,
    headers: { ...reply.headers, ...pick(HEADERS, a) },
  }),
  'no-headers': (reply) => ({ ...reply, headers: {} }),
  'change-end': (reply, a) => ({ ...reply, end: pick(ENDS, a) }),
};

/** What usage is called, and its counts where they have no object of their own. */
const USAGE_NAMES = /usage|tokens_(?:predicted|evaluated)|(?:prompt_)?eval_count/g;

/** The reply without any usage, wherever it stood: no key is named so any more. */
export function withoutUsage(reply) {
  const text = bodyOf(reply).toString('latin1');
  const taken = text.replaceAll(USAGE_NAMES, (name) => `${name.slice(0, -1)}_`);
  return taken === text ? reply : withBody(reply, Buffer.from(taken, 'latin1'));
}
