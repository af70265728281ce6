/** Streams that are answered by bytes on the bare connection: once, or without end and as fast as the client takes them. */
import type { Writable } from 'node:stream';
import type { Context, Habits } from '../servers/habits.ts';

export function pour(stream: Writable, bytes: string | Buffer): void {
  const more = (): void => {
    if (!stream.destroyed) stream.write(bytes, (error) => (error ? undefined : setImmediate(more)));
  };
  more();
}

/** Whole answers are those of a correct server. */
const bareStream = (answer: (socket: Writable, context: Context) => void): Habits => ({
  takeOver: (context, _request, { socket }) => {
    if (context.mode !== 'stream' || socket === null) return false;
    answer(socket, context);
    return true;
  },
});

/** These bytes, and then silence. */
export const saying = (bytes: string | Buffer): Habits => bareStream((socket) => void socket.write(bytes));

/** These bytes, and then others again and again. */
export const pouring = (first: string | Buffer, again: string | Buffer): Habits =>
  bareStream((socket) => {
    socket.write(first);
    pour(socket, again);
  });

/** The server of these tests knows nothing of what was said on the bare connection: it serves one request only. */
export const HEAD = 'HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-type: text/event-stream\r\n';

const chunk = (fields: object) =>
  `data: ${JSON.stringify({ id: 'a', object: 'chat.completion.chunk', created: 1, model: 'toy', ...fields })}\n\n`;
const choice = (delta: object, finish: string | null) => ({
  choices: [{ index: 0, delta, finish_reason: finish }],
});

/** A stream with usage, as a client wants it: a lie around it must not make a tester believe that it came. */
export const STREAM: string = [
  chunk(choice({ role: 'assistant', content: 'a' }, null)),
  chunk(choice({}, 'stop')),
  chunk({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 1, total_tokens: 10 } }),
  'data: [DONE]\n\n',
].join('');
