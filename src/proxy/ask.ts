/** A request of the proxy's own to the target. */
import type { RawHeaders } from './headers.ts';
import { endToEnd, withHeader, withoutHeader } from './headers.ts';
import type { Upstream } from './upstream.ts';

export interface OwnRequest {
  readonly method: string;
  readonly url: string;
  /** Those of the client that this is done for, with its key. */
  readonly headers: RawHeaders;
  readonly body: Buffer;
}

export interface OwnAnswer {
  readonly status: number;
  /** Of these the part within the bound. */
  readonly bytes: Buffer;
}

/** Sends requests of the proxy's own. @throws where no whole answer comes, or the signal is aborted */
export type Ask = (request: OwnRequest, signal: AbortSignal) => Promise<OwnAnswer>;

const MOST_ANSWER_BYTES = 8 * 1024 * 1024;

/** @param timeoutMs for the whole of an answer. @param mostBytes what is larger is none */
export const asker =
  (upstream: Upstream, timeoutMs: number, mostBytes = MOST_ANSWER_BYTES): Ask =>
  ({ method, url, headers, body }, signal) =>
    new Promise((resolve, reject) => {
      let sent = endToEnd(headers, false);
      for (const name of ['expect', 'content-encoding', 'content-length']) sent = withoutHeader(sent, name);
      if (body.length > 0) sent = withHeader(sent, 'Content-Length', String(body.length));
      sent = withHeader(sent, 'Accept-Encoding', 'identity');
      const request = upstream.open({ method, url, headers: sent, hasBody: body.length > 0 });
      const end = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const give = (why: unknown) => {
        request.destroy();
        reject(why instanceof Error ? why : new Error(String(why)));
      };
      end.addEventListener('abort', () => give(end.reason), { once: true });
      if (end.aborted) give(end.reason);
      request.on('error', give);
      request.on('response', (answer) => {
        const pieces: Buffer[] = [];
        let bytes = 0;
        answer.on('error', give);
        answer.on('data', (piece: Buffer) => {
          bytes += piece.length;
          if (bytes <= mostBytes) pieces.push(piece);
          else give(new Error('the answer is too large'));
        });
        answer.on('end', () => resolve({ status: answer.statusCode ?? 0, bytes: Buffer.concat(pieces) }));
      });
      request.end(body);
    });
