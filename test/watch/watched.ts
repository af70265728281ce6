import { chat } from '../../src/apis/chat.ts';
import type { JsonObject } from '../../src/model/json.ts';
import type { BodyEnd } from '../../src/watch/body-end.ts';
import { BodyWatch, type WatchOptions } from '../../src/watch/body-watch.ts';
import type { Watched } from '../../src/watch/watched.ts';

export const ASKED: JsonObject = {
  model: 'm',
  messages: [{ role: 'user', content: 'Say something' }],
  stream: true,
  stream_options: { include_usage: true },
};

/** What a watch says of these pieces. */
export function watchPieces(
  pieces: readonly Uint8Array[],
  { api = chat, request = ASKED, ...more }: Partial<WatchOptions> = {},
  end: BodyEnd = 'clean',
): Watched {
  const watch = new BodyWatch({ api, request, ...more });
  for (const piece of pieces) watch.push(piece);
  return watch.end(end);
}

const encoder = new TextEncoder();

export const bytesOf = (text: string): Uint8Array => encoder.encode(text);

/** What a watch says of this body. */
export const watchText = (
  text: string,
  options: Partial<WatchOptions> = {},
  end: BodyEnd = 'clean',
): Watched => watchPieces([bytesOf(text)], options, end);

/** Cuts bytes at these places, whatever they are. */
export function cut(bytes: Uint8Array, places: readonly number[]): Uint8Array[] {
  const at = [...new Set(places.map((place) => place % (bytes.length + 1)))].sort((a, b) => a - b);
  return [0, ...at].map((start, i) => bytes.subarray(start, at[i] ?? bytes.length));
}

/** One event with this data. */
export const event = (data: unknown): string =>
  `data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`;

const HEAD = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'm' };

/** A chunk of a chat with one choice. */
export const chunk = (delta: JsonObject, finish: string | null = null, index = 0): JsonObject => ({
  ...HEAD,
  choices: [{ index, delta, finish_reason: finish }],
});

export const usageChunk = (usage: unknown): JsonObject => ({ ...HEAD, choices: [], usage });

export const USAGE = { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 };

/** A stream of a chat that says these pieces and ends as it should. @param usage null: none */
export function chatStream(pieces: readonly string[], usage: unknown = USAGE): string {
  return [
    chunk({ role: 'assistant', content: '' }),
    ...pieces.map((content) => chunk({ content })),
    chunk({}, 'stop'),
    ...(usage === null ? [] : [usageChunk(usage)]),
    '[DONE]',
  ]
    .map(event)
    .join('');
}
