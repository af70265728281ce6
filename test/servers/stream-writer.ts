/** Puts a stream on the wire in several writes, so that events, and characters, come in parts. */
import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn, setTimeout as wait } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import type { Context, Habits, StreamEvent } from './habits.ts';

/** Streams longer than this are slowed down, so that a client can leave in the middle. */
const LONG_STREAM = 100;

/** Each write is a piece of its own for the client, however many are on the way at once; turns are what takes time. */
const BYTES_PER_TURN = 512;

interface Wire {
  bytes: Buffer;
  cut: 'reset' | 'unterminated' | 'short' | undefined;
}

export function encode(events: StreamEvent[]): { text: string; cut: Wire['cut'] } {
  let text = '';
  for (const event of events) {
    if ('cut' in event) return { text, cut: event.cut };
    text += 'raw' in event ? event.raw : `data: ${JSON.stringify(event.json)}\n\n`;
  }
  return { text, cut: undefined };
}

async function writeParts(
  response: ServerResponse,
  bytes: Buffer,
  size: number,
  slow: boolean,
): Promise<void> {
  let rested = 0;
  for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
    response.write(bytes.subarray(at, at + size));
    if (at + size - rested < BYTES_PER_TURN) continue;
    rested = at + size;
    if (slow) await wait(3);
    else await nextTurn();
  }
}

export async function writeStream(
  response: ServerResponse,
  events: StreamEvent[],
  context: Context,
  habits: Habits,
): Promise<void> {
  const { text, cut } = encode(events);
  const wire = habits.mapWire ? habits.mapWire(text, context) : text;
  const plain = Buffer.from(wire);
  const bytes = habits.gzip ? gzipSync(plain) : plain;
  const base: Record<string, string> = {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache',
  };
  if (habits.gzip) base['content-encoding'] = 'gzip';
  if (cut === 'short') base['content-length'] = String(bytes.length + 200);
  if (habits.closeDelimited) {
    base.connection = 'close';
    response.useChunkedEncodingByDefault = false;
  }
  const headers = habits.mapHeaders ? habits.mapHeaders(base, context) : base;
  response.writeHead(200, headers);
  // 611 is prime and no length of an event: the borders of the writes fall everywhere.
  const slow = events.length > LONG_STREAM;
  await writeParts(response, bytes, habits.bytesPerWrite ?? 611, slow);
  if (response.destroyed) return;
  if (cut === undefined) response.end();
  else if (cut === 'reset') response.socket?.resetAndDestroy();
  else response.socket?.end();
}
