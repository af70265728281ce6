/** Bodies that never end, or never stop growing. */
import type { ServerResponse } from 'node:http';
import type { Context, Habits } from './habits.ts';

const headers = (c: Context) => ({
  'content-type': c.mode === 'stream' ? 'text/event-stream' : 'application/json',
});

/** Writes the same bytes again and again, as long as the client listens. */
function pour(response: ServerResponse, bytes: string, milliseconds: number): void {
  const timer = setInterval(() => {
    if (!response.writableNeedDrain) response.write(bytes);
  }, milliseconds);
  response.once('close', () => clearInterval(timer));
}

const endless = (bytes: string, milliseconds: number): Habits => ({
  takeOver: (context, _request, response) => {
    response.writeHead(200, headers(context));
    response.write(bytes);
    pour(response, bytes, milliseconds);
    return true;
  },
});

/** One small comment at a time. */
export const tarpit = endless(': still thinking\n\n', 50);
/** Chunks without end, as fast as the client reads. */
export const flood = endless(
  `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'toy', choices: [{ index: 0, delta: { content: 'a'.repeat(60_000) }, finish_reason: null }] })}\n\n`,
  1,
);
/** A single line without end. */
export const oneLine = endless('a'.repeat(200_000), 1);
/** The first delta, and then nothing. */
export const oneDelta: Habits = {
  takeOver: (context, _request, response) => {
    response.writeHead(200, headers(context));
    response.write(
      `data: ${JSON.stringify({ id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 1, model: 'toy', choices: [{ index: 0, delta: { content: 'a' }, finish_reason: null }] })}\n\n`,
    );
    return true;
  },
};
/** Headers, and then nothing. */
export const headersOnly: Habits = {
  takeOver: (context, _request, response) => {
    response.writeHead(200, headers(context));
    response.flushHeaders();
    return true;
  },
};
