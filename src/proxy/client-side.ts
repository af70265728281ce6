/** What is done to the answer that the client gets, beside passing it on. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import { pairsOf } from './headers.ts';

export const trailersOf = ({ rawTrailers }: IncomingMessage): ReadonlyArray<[string, string]> =>
  pairsOf(rawTrailers).map(([name, value]) => [name, value]);

export const canBeChunked = ({ method, httpVersion }: IncomingMessage, status: number): boolean =>
  httpVersion === '1.1' && method !== 'HEAD' && status !== 204 && status !== 304;

/** Sends a head in the encoding in which it came: flushHeaders() writes UTF-8. */
export const NOTHING: Buffer = Buffer.alloc(0);

/** Makes a head as it is, sent with what is written next; node adds no header but `Connection: close` where that is so. @throws where node refuses one */
export function writeHead(
  response: ServerResponse,
  status: number,
  reason: string,
  headers: ReadonlyArray<readonly [string, string]>,
): void {
  response.sendDate = false;
  if (response.shouldKeepAlive) response.removeHeader('connection');
  response.writeHead(status, reason, headers.flat());
}

/**
 * Cuts off an answer that has begun so that nobody takes it for whole; what was written before still arrives.
 * @param isFramed whether its length, or the last chunk, tells where it ends
 */
export function cut(response: ServerResponse, isFramed: boolean): void {
  const { socket } = response;
  if (socket === null || socket.destroyed) return;
  // Where the close of the connection ends a body, only a reset is no clean end.
  response.write(NOTHING, () => (isFramed ? socket.destroy() : socket.resetAndDestroy()));
}
