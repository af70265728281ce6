/** A server that plays a recording back. Requests are matched by what they ask and by their order. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { apiAt } from '../apis/index.ts';
import { parseJson } from '../model/json.ts';
import { shapeOf } from '../wire/shape.ts';
import { Answers } from './answers.ts';
import { closestOf, endpointOf } from './closest.ts';
import { type Played, withFaults } from './faults.ts';
import { inflated } from './inflated.ts';
import { OF_THE_TRANSFER } from './received-response.ts';
import type { RecordedExchange, RecordedReply } from './recorded.ts';
import { bytesOf, type Recording } from './recording.ts';
import type { TimedBytes } from './redacted-pieces.ts';
import type { Asked } from './request-key.ts';
import { hasTooManyEvents } from './stream-events.ts';

export interface ReplayServer {
  /** http://127.0.0.1:PORT */
  readonly url: string;
  close(): Promise<void>;
}

/** real: pieces come when they came; none: at once. */
export type Timing = 'real' | 'none';

/** How a request was answered: by its own recorded answer, by that of the most similar request, or not at all. */
export type Match = 'exact' | 'closest' | 'none';

const MOST_BODY_BYTES = 16 * 1024 * 1024;

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
  const value = parseJson(text);
  return value === undefined ? text : value;
}

/** What is sent: the recorded bytes, or a stream with faults. Bodies that are no event stream stay as they are. */
function playedOf(
  { reply, path }: RecordedExchange,
  timing: Timing,
  faults: readonly string[],
): Played & { readonly plain: boolean } {
  const pieces = reply.pieces.map((piece): TimedBytes => {
    const [ms] = piece;
    return { ms: timing === 'none' ? 0 : ms, bytes: bytesOf(piece) };
  });
  const asTheyCame = { pieces, cut: false, plain: false };
  const api = apiAt(path);
  if (faults.length === 0 || api === null) return asTheyCame;
  const coding = reply.headers?.['content-encoding'];
  const whole = Buffer.concat(pieces.map(({ bytes }) => bytes));
  const plain = coding === undefined ? whole : inflated(whole, coding);
  if (plain === null || hasTooManyEvents(plain) || shapeOf(api, plain.toString('utf8')) !== 'stream')
    return asTheyCame;
  const events = coding === undefined ? pieces : [{ ms: pieces[0]?.ms ?? 0, bytes: plain }];
  return { ...withFaults(api, events, faults), plain: true };
}

function headersOf(reply: RecordedReply, plain: boolean, match: Match): Record<string, string> {
  const own = Object.entries(reply.headers ?? {}).filter(
    ([name]) => !OF_THE_TRANSFER.has(name) && !(plain && name === 'content-encoding'),
  );
  return { ...Object.fromEntries(own), 'x-lastchunk-replay': match };
}

async function play(
  exchange: RecordedExchange,
  response: ServerResponse,
  match: Match,
  timing: Timing,
  faults: readonly string[],
): Promise<void> {
  const { reply } = exchange;
  if (reply.status === undefined) {
    if (reply.end !== 'silent') response.destroy();
    return;
  }
  const since = performance.now();
  const until = async (ms: number) => {
    const left = ms - (performance.now() - since);
    if (left > 0) await sleep(left);
  };
  const { pieces, cut, plain } = playedOf(exchange, timing, faults);
  if (timing === 'real') await until(reply.headMs ?? 0);
  response.writeHead(reply.status, headersOf(reply, plain, match));
  response.flushHeaders();
  for (const { ms, bytes } of pieces) {
    await until(ms);
    await new Promise<void>((resolve) => response.write(bytes, () => resolve()));
    if (response.destroyed) return;
  }
  if (timing === 'real') await until(reply.endMs);
  if (cut || reply.end === 'cut' || reply.end === 'left') response.destroy();
  else if (reply.end === 'clean') response.end();
  // What was stopped by the tester never ended.
}

function notThere(recording: Recording, { method, path, body }: Asked): string {
  const there = new Set(recording.exchanges.map((one) => `${one.method} ${one.path.split('?', 1)[0]}`));
  const known = [...there].slice(0, 12).join(', ');
  const endpoint = endpointOf(path);
  const asked = `${method} ${path.split('?', 1)[0]?.slice(0, 200)}`;
  const mode =
    body !== null && recording.exchanges.some((one) => endpointOf(one.path) === endpoint)
      ? ' as it was asked'
      : '';
  return `nothing in this recording answers ${asked}${mode}; it has ${known}`;
}

export interface ReplayOptions {
  readonly timing: Timing;
  /** Names of faults laid over every stream, in their order. */
  readonly faults?: readonly string[];
  /** 0: a free one. */
  readonly port?: number;
  /** Told of each request. */
  readonly onRequest?: (asked: Asked, match: Match) => void;
}

/** Starts on loopback. A request that was not recorded gets the answer to the most similar one, and a header says so. */
export async function startReplay(recording: Recording, options: ReplayOptions): Promise<ReplayServer> {
  const { timing, faults = [], port = 0, onRequest } = options;
  const exchanges = recording.exchanges.filter(
    ({ reply }) => reply.end !== 'unsent' && reply.withheld === undefined,
  );
  const answers = new Answers(exchanges);
  const server = createServer((request, response) => {
    const answer = async () => {
      const body = await bodyOf(request);
      const asked = { method: request.method ?? 'GET', path: request.url ?? '/', body };
      const exact = answers.takeOrRepeat(asked);
      const found = exact ?? closestOf(exchanges, asked);
      const match = found === undefined ? 'none' : exact === undefined ? 'closest' : 'exact';
      onRequest?.(asked, match);
      if (found !== undefined) {
        await play(found, response, match, timing, faults);
        return;
      }
      const headers = { 'content-type': 'application/json', 'x-lastchunk-replay': match };
      response.writeHead(404, headers);
      const error = { message: notThere(recording, asked), type: 'not_recorded', param: null, code: null };
      response.end(JSON.stringify({ error }));
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
