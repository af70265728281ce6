/** A server that plays a recording back. Requests are matched by what they ask and by their order. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Played, withFaults } from './faults.ts';
import type { RecordedExchange, Recording } from './recording.ts';

export interface ReplayServer {
  /** http://127.0.0.1:PORT */
  readonly url: string;
  close(): Promise<void>;
}

/** real: pieces come when they came; none: at once. */
export type Timing = 'real' | 'none';

const MOST_BODY_BYTES = 16 * 1024 * 1024;

/** Fields in any order ask for the same. */
function keyOf(method: string, path: string, body: unknown): string {
  const sorted = (value: unknown): unknown =>
    Array.isArray(value)
      ? value.map(sorted)
      : typeof value === 'object' && value !== null
        ? Object.fromEntries(
            Object.entries(value)
              .sort(([a], [b]) => (a < b ? -1 : 1))
              .map(([name, field]) => [name, sorted(field)]),
          )
        : value;
  return `${method} ${path} ${JSON.stringify(sorted(body))}`;
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > MOST_BODY_BYTES) throw new Error('request body too large');
    parts.push(part);
  }
  const text = Buffer.concat(parts).toString('utf8');
  if (text === '') return null;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** What is sent: the recorded pieces, with the faults that were asked for. Streams only; compressed ones stay whole. */
function playedOf({ reply }: RecordedExchange, faults: readonly string[]): Played | null {
  const texts = reply.pieces.filter((piece): piece is [number, string] => typeof piece[1] === 'string');
  const streams = reply.headers?.['content-type']?.includes('event-stream') ?? false;
  return faults.length > 0 && streams && texts.length === reply.pieces.length
    ? withFaults(texts, faults)
    : null;
}

async function play(
  exchange: RecordedExchange,
  response: ServerResponse,
  timing: Timing,
  faults: readonly string[],
): Promise<void> {
  const { reply } = exchange;
  const played = playedOf(exchange, faults);
  if (reply.status === undefined) {
    if (reply.end !== 'silent') response.destroy();
    return;
  }
  const since = performance.now();
  const until = async (ms: number) => {
    if (timing === 'real' || faults.includes('delay'))
      await sleep(Math.max(0, ms - (performance.now() - since)));
  };
  await until(reply.headMs ?? 0);
  response.writeHead(reply.status, { ...reply.headers, connection: 'close' });
  response.flushHeaders();
  for (const [ms, data] of played?.pieces ?? reply.pieces) {
    await until(ms);
    const bytes = typeof data === 'string' ? Buffer.from(data, 'utf8') : Buffer.from(data.base64, 'base64');
    await new Promise<void>((resolve) => response.write(bytes, () => resolve()));
    if (response.destroyed) return;
  }
  await until(reply.endMs);
  if (played?.cut) response.destroy();
  else if (reply.end === 'clean') response.end();
  else if (reply.end === 'cut') response.destroy();
}

/**
 * Starts on loopback, by default on a free port.
 * @param faults names of faults laid over every stream, in their order
 */
export async function startReplay(
  recording: Recording,
  timing: Timing,
  faults: readonly string[] = [],
  port = 0,
): Promise<ReplayServer> {
  const queues = new Map<string, RecordedExchange[]>();
  for (const exchange of recording.exchanges) {
    const key = keyOf(exchange.method, exchange.path, exchange.body);
    queues.set(key, [...(queues.get(key) ?? []), exchange]);
  }
  const server: Server = createServer((request, response) => {
    const answer = async () => {
      const body = await bodyOf(request);
      const queue = queues.get(keyOf(request.method ?? 'GET', request.url ?? '/', body)) ?? [];
      const next = queue.length > 1 ? queue.shift() : queue[0];
      if (next === undefined) {
        response.writeHead(404, { 'content-type': 'application/json', connection: 'close' });
        response.end('{"error":{"message":"this request is not in the recording"}}');
      } else await play(next, response, timing, faults);
    };
    answer().catch(() => response.destroy());
  });
  await new Promise<void>((resolve, reject) =>
    server.once('error', reject).listen(port, '127.0.0.1', resolve),
  );
  const address = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${address.port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
