import { createServer, type Server, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Exchange, Reply, SentRequest, StreamFacts } from '../../src/model/exchange.ts';
import { openWire, type SendOptions, type Wire, type WireOptions } from '../../src/wire/send.ts';
import { tinyApi } from './tiny-api.ts';

export interface RawServer {
  readonly url: string;
  readonly port: number;
  /** Heads (and bodies, as text) of the requests, in order. */
  readonly requests: string[];
  /** Connections made so far. */
  readonly connections: () => number;
}

/** A server that answers each request by the bytes it likes. `number` counts requests from 1. */
export async function rawServer(answer: (socket: Socket, number: number) => void): Promise<RawServer> {
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('close', () => sockets.delete(socket));
    let received = '';
    socket.on('data', (bytes: Buffer) => {
      received += bytes.toString('latin1');
      const end = received.indexOf('\r\n\r\n');
      const length = Number(/content-length: (\d+)/i.exec(received)?.[1] ?? 0);
      if (end === -1 || received.length < end + 4 + length) return;
      requests.push(received);
      received = '';
      answer(socket, requests.length);
    });
  });
  const port = await listening(server);
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    return new Promise((resolve) => server.close(() => resolve()));
  });
  return {
    url: `http://127.0.0.1:${port}/v1/chat/completions`,
    port,
    requests,
    connections: () => connections,
  };
}

export function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : 0);
    });
  });
}

/** A wire that is closed after the test. */
export function testWire(options: WireOptions = {}): Wire {
  const wire = openWire(options);
  onTestFinished(() => wire.close());
  return wire;
}

export function post(url: string): SentRequest {
  return { method: 'POST', url, body: { stream: true, prompt: 'p' } };
}

/** One request to a server that answers so. */
export async function ask(
  answer: (socket: Socket, number: number) => void,
  options: Partial<SendOptions> = {},
): Promise<Exchange> {
  const server = await rawServer(answer);
  return testWire().send(post(server.url), { api: tinyApi, ...options });
}

export const STREAM_HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n';

/** A chunked body of these pieces. */
export function chunked(...pieces: Array<string | Buffer>): Buffer {
  const parts = pieces.map((piece) => {
    const bytes = Buffer.from(piece);
    return Buffer.concat([Buffer.from(`${bytes.length.toString(16)}\r\n`), bytes, Buffer.from('\r\n')]);
  });
  return Buffer.concat([Buffer.from('transfer-encoding: chunked\r\n\r\n'), ...parts]);
}

export const LAST_CHUNK = '0\r\n\r\n';

export function response(reply: Reply): Extract<Reply, { kind: 'response' }> {
  if (reply.kind !== 'response') throw new Error(`no response but ${JSON.stringify(reply)}`);
  return reply;
}

export function streamOf(reply: Reply): StreamFacts {
  const { body } = response(reply);
  if (body.kind !== 'stream') throw new Error(`no stream but ${JSON.stringify(body)}`);
  return body.stream;
}

/** A head and a body with its length. */
export function whole(socket: Socket, head: string, body: string | Buffer): void {
  socket.write(`${head}content-length: ${Buffer.byteLength(body)}\r\n\r\n`);
  socket.write(body);
}
