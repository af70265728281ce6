/** A recorded stream as events that can be left out, changed and added, whatever its framing. Pure. */
import { isJsonObject, type JsonObject, parseJson } from '../model/json.ts';
import { MOST_EVENTS } from './limits.ts';
import type { TimedBytes } from './redacted-pieces.ts';

/** A server-sent event as it came, its blank line included, or a line of JSON. */
export interface StreamEvent {
  readonly ms: number;
  /** Each character is a byte. */
  readonly raw: string;
  readonly framing: 'sse' | 'ndjson';
  readonly data: string;
  /** Its data, where that is a JSON object. */
  readonly json: JsonObject | null;
}

const BLANK_LINE = /(?:\r\n|\n|\r(?!\n)){2,}/g;
const LINE_BREAKS = /[\r\n]*\n[\r\n]*/g;
const LINE_BREAK = /\r\n|\n|\r/;

const framingOf = (text: string) => (text.trimStart().startsWith('{') ? 'ndjson' : 'sse');
const endsOf = (text: string) => text.matchAll(framingOf(text) === 'sse' ? BLANK_LINE : LINE_BREAKS);

/** True for a stream of more events than are taken apart: each takes a hundred bytes beside its own. */
export function hasTooManyEvents(bytes: Buffer): boolean {
  let events = 0;
  for (const _ of endsOf(bytes.toString('latin1'))) {
    events += 1;
    if (events > MOST_EVENTS) return true;
  }
  return false;
}

/** Events as they were whole; a rest without its end is one, too. A stream that begins with a brace is lines of JSON. */
export function eventsOf(pieces: readonly TimedBytes[]): readonly StreamEvent[] {
  const text = Buffer.concat(pieces.map(({ bytes }) => bytes)).toString('latin1');
  const whenCame = clockOf(pieces);
  const framing = framingOf(text);
  const events: StreamEvent[] = [];
  let start = 0;
  for (const { index, 0: blank } of endsOf(text)) {
    const end = index + blank.length;
    events.push(eventOf(text.slice(start, end), framing, whenCame(end)));
    start = end;
  }
  if (start < text.length) events.push(eventOf(text.slice(start), framing, whenCame(text.length)));
  return events;
}

export const bytesOfEvent = ({ ms, raw }: StreamEvent): TimedBytes => ({
  ms,
  bytes: Buffer.from(raw, 'latin1'),
});

/** The event with other data, in the framing it had. */
export function withJson(event: StreamEvent, json: JsonObject): StreamEvent {
  const lineBreak = lineBreakOf(event);
  const data = Buffer.from(JSON.stringify(json)).toString('latin1');
  if (event.framing === 'ndjson') return { ...event, raw: `${data}${lineBreak}`, data, json };
  const lines = event.raw.replace(/[\r\n]+$/, '').split(LINE_BREAK);
  const first = lines.findIndex(isData);
  const kept = lines.flatMap((line, at) => (at === first ? [`data: ${data}`] : isData(line) ? [] : [line]));
  return { ...event, raw: `${kept.join(lineBreak)}${lineBreak}${lineBreak}`, data, json };
}

/** An event of its own beside another. */
export function newEvent(beside: StreamEvent, data: string, name?: string): StreamEvent {
  const { framing, ms } = beside;
  const lineBreak = lineBreakOf(beside);
  if (framing === 'ndjson') return eventOf(`${data}${lineBreak}`, framing, ms);
  const named = name === undefined ? '' : `event: ${name}${lineBreak}`;
  return eventOf(`${named}data: ${data}${lineBreak}${lineBreak}`, framing, ms);
}

/** With the line break, or the blank line, that something after it needs. */
export function closed(event: StreamEvent): StreamEvent {
  const end = event.framing === 'ndjson' ? '\n' : '\n\n';
  const isClosed = event.framing === 'ndjson' ? /\n$/ : /(?:\r\n|\n|\r(?!\n)){2}$/;
  return isClosed.test(event.raw) ? event : { ...event, raw: `${event.raw.replace(/[\r\n]+$/, '')}${end}` };
}

const lineBreakOf = ({ raw }: StreamEvent) => LINE_BREAK.exec(raw)?.[0] ?? '\n';
const isData = (line: string) => /^(?:\xef\xbb\xbf)?data(?::|$)/.test(line);

function eventOf(raw: string, framing: StreamEvent['framing'], ms: number): StreamEvent {
  const data = framing === 'ndjson' ? raw.trim() : dataOf(raw);
  const value = parseJson(Buffer.from(data, 'latin1').toString('utf8'));
  return { ms, raw, framing, data, json: isJsonObject(value) ? value : null };
}

function dataOf(raw: string): string {
  return raw
    .split(LINE_BREAK)
    .filter(isData)
    .map((line) => line.replace(/^(?:\xef\xbb\xbf)?data:? ?/, ''))
    .join('\n');
}

/** ms at which so many bytes had come; asked for ever larger numbers. */
function clockOf(pieces: readonly TimedBytes[]): (bytes: number) => number {
  let at = 0;
  let had = pieces[0]?.bytes.length ?? 0;
  return (bytes) => {
    while (had < bytes && at < pieces.length - 1) {
      at += 1;
      had += pieces[at]?.bytes.length ?? 0;
    }
    return pieces[at]?.ms ?? 0;
  };
}
