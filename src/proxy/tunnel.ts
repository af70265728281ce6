/** A request for another protocol (WebSocket): asked of the target, and once it agrees bytes go both ways as they are. */
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ForwardOptions } from './forward.ts';
import { endToEnd, pairsOf, type RawHeaders } from './headers.ts';
import { type Refusal, refusalBody, statusOf } from './refusal.ts';

/** @returns cuts it off */
export function tunnel(
  request: IncomingMessage,
  client: Duplex,
  head: Buffer,
  { upstream, turns, isDraining }: ForwardOptions,
): () => void {
  const over = new AbortController();
  client.on('error', () => client.destroy());
  client.on('close', () => over.abort());
  const refuse = (refusal: Refusal) => client.end(refusalText(refusal));
  const run = async () => {
    if (isDraining()) return refuse('draining');
    const release = (await turns?.turn(over.signal)) ?? (() => undefined);
    over.signal.addEventListener('abort', release);
    const sent = upstream.open({
      method: request.method ?? 'GET',
      url: request.url ?? '/',
      headers: endToEnd(request.rawHeaders, false),
      hasBody: false,
      upgrade: ['Connection', 'Upgrade', ...upgradesOf(request.rawHeaders)],
    });
    over.signal.addEventListener('abort', () => sent.destroy());
    sent.on('error', () => refuse('unreachable'));
    sent.on('upgrade', (answer, server, first) => {
      client.write(headOf(answer, ['Connection', 'Upgrade', ...upgradesOf(answer.rawHeaders)]), 'latin1');
      if (first.length > 0) client.write(first);
      if (head.length > 0) server.write(head);
      server.on('error', () => client.destroy());
      server.on('close', () => client.destroy());
      client.on('close', () => server.destroy());
      server.pipe(client).pipe(server);
    });
    sent.on('response', (answer) => {
      // It stays with HTTP: the close of the connection ends the body.
      client.write(headOf(answer, ['Connection', 'close']), 'latin1');
      answer.on('error', () => client.destroy());
      answer.pipe(client);
    });
    sent.end();
  };
  run().catch(() => client.destroy());
  return () => client.destroy();
}

const upgradesOf = (raw: RawHeaders): RawHeaders =>
  pairsOf(raw)
    .filter(([name]) => name.toLowerCase() === 'upgrade')
    .flat();

function headOf({ statusCode, statusMessage, rawHeaders }: IncomingMessage, connection: RawHeaders): string {
  const pairs = [...endToEnd(rawHeaders, false), ...pairsOf(connection)];
  const lines = pairs.map(([name, value]) => `${name}: ${value}\r\n`).join('');
  return `HTTP/1.1 ${statusCode} ${statusMessage}\r\n${lines}\r\n`;
}

function refusalText(refusal: Refusal): string {
  const body = refusalBody(refusal);
  return `HTTP/1.1 ${statusOf(refusal)} \r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`;
}
