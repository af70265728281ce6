/** A recorded stream as events that can be left out, changed and added, whatever its framing. Pure. */
import { isJsonObject, type JsonObject, parseJson } from '../model/json.ts';
import { MOST_EVENTS } from './limits.ts';
import type { TimedBytes } from './redacted-pieces.ts';

/** An event as it came, its blank line included. */
export interface StreamEvent {
  readonly ms: number;
  /** Each character is a byte. */
  readonly raw: string;
  /** Its data, where that is a JSON object. */
  readonly json: JsonObject | null;
  readonly isEnd: boolean;
}

const BLANK_LINE = /(?:\r\n|\n|\r(?!\n)){2,}/g;
const LINE_BREAK = /\r\n|\n|\r/;

/** True for a stream of more events than are taken apart: each takes a hundred bytes beside its own. */
export function hasTooManyEvents(bytes: Buffer): boolean {
  let events = 0;
  for (const _ of bytes.toString('latin1').matchAll(BLANK_LINE)) {
    events += 1;
    if (events > MOST_EVENTS) return true;
  }
  return false;
}

/** Events as they were whole; a rest without a blank line is one, too. */
export function eventsOf(pieces: readonly TimedBytes[]): readonly StreamEvent[] {
  const text = Buffer.concat(pieces.map(({ bytes }) => bytes)).toString('latin1');
  const whenCame = clockOf(pieces);
  const events: StreamEvent[] = [];
  let start = 0;
  for (const { index, 0: blank } of text.matchAll(BLANK_LINE)) {
    const end = index + blank.length;
    events.push(eventOf(text.slice(start, end), whenCame(end)));
    start = end;
  }
  if (start < text.length) events.push(eventOf(text.slice(start), whenCame(text.length)));
  return events;
}

export const bytesOfEvent = ({ ms, raw }: StreamEvent): TimedBytes => ({
  ms,
  bytes: Buffer.from(raw, 'latin1'),
});

/** The event with other data, in the framing it had. */
export function withJson(event: StreamEvent, json: JsonObject): StreamEvent {
  const lineBreak = LINE_BREAK.exec(event.raw)?.[0] ?? '\n';
  const lines = event.raw.replace(/[\r\n]+$/, '').split(LINE_BREAK);
  const first = lines.findIndex(isData);
  const data = `data: ${Buffer.from(JSON.stringify(json)).toString('latin1')}`;
  const kept = lines.flatMap((line, at) => (at === first ? [data] : isData(line) ? [] : [line]));
  return { ...event, raw: `${kept.join(lineBreak)}${lineBreak}${lineBreak}`, json };
}

/** An event of its own beside another. */
export function newEvent(beside: StreamEvent, data: string): StreamEvent {
  const lineBreak = LINE_BREAK.exec(beside.raw)?.[0] ?? '\n';
  return eventOf(`data: ${data}${lineBreak}${lineBreak}`, beside.ms);
}

/** With the blank line that something after it needs. */
export function closed(event: StreamEvent): StreamEvent {
  return /(?:\r\n|\n|\r(?!\n)){2}$/.test(event.raw)
    ? event
    : { ...event, raw: `${event.raw.replace(/[\r\n]+$/, '')}\n\n` };
}

const isData = (line: string) => /^(?:\xef\xbb\xbf)?data(?::|$)/.test(line);

function eventOf(raw: string, ms: number): StreamEvent {
  const data = raw
    .split(LINE_BREAK)
    .filter(isData)
    .map((line) => line.replace(/^(?:\xef\xbb\xbf)?data:? ?/, ''))
    .join('\n');
  const value = parseJson(Buffer.from(data, 'latin1').toString('utf8'));
  return { ms, raw, json: isJsonObject(value) ? value : null, isEnd: data.trim() === '[DONE]' };
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
