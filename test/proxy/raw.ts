/** Clients and servers that are nothing but bytes, so that what passes is compared as it stands on the wire. */
import { connect, createServer, type Socket } from 'node:net';
import { onTestFinished } from 'vitest';

export interface RawUpstream {
  readonly port: number;
  readonly url: string;
  /** What came, in one text a connection, as Latin-1. */
  readonly received: string[];
  readonly sockets: Socket[];
}

/** A server that does with each connection what it likes, once the head of a request is there. */
export async function rawUpstream(
  onRequest: (socket: Socket, head: string, connection: number) => void,
): Promise<RawUpstream> {
  const received: string[] = [];
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    const at = sockets.push(socket) - 1;
    let all = '';
    let done = 0;
    socket.on('error', () => undefined);
    socket.on('data', (bytes: Buffer) => {
      all += bytes.toString('latin1');
      received[at] = all;
      const text = all.slice(done);
      const end = text.indexOf('\r\n\r\n');
      if (end < 0) return;
      const length = Number(/\r\ncontent-length: *(\d+)/i.exec(text.slice(0, end + 2))?.[1] ?? 0);
      if (text.length < end + 4 + length && !/expect:/i.test(text)) return;
      done = all.length;
      onRequest(socket, text, at);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  return { port, url: `http://127.0.0.1:${port}`, received, sockets };
}

export interface RawClient {
  readonly socket: Socket;
  /** All that came so far, as Latin-1. */
  text(): string;
  /** Resolves when what came matches. */
  until(pattern: RegExp): Promise<string>;
  /** Resolves when the connection is over; `clean` where it was not reset. */
  readonly closed: Promise<{ readonly text: string; readonly clean: boolean }>;
}

export function rawClient(port: number, request: string | Buffer): RawClient {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  let clean = true;
  let onData: () => void = () => undefined;
  socket.on('data', (bytes: Buffer) => {
    text += bytes.toString('latin1');
    onData();
  });
  socket.on('error', () => {
    clean = false;
  });
  socket.write(request, 'latin1');
  onTestFinished(() => {
    socket.destroy();
  });
  return {
    socket,
    text: () => text,
    until: (pattern) =>
      new Promise((resolve, reject) => {
        onData = () => {
          if (pattern.test(text)) resolve(text);
        };
        socket.once('close', () => reject(new Error(`closed after ${JSON.stringify(text.slice(0, 500))}`)));
        onData();
      }),
    closed: new Promise((resolve) => socket.once('close', () => resolve({ text, clean }))),
  };
}

/** One request that closes its connection behind it. @returns the answer as it came */
export const exchange = (port: number, request: string | Buffer): Promise<{ text: string; clean: boolean }> =>
  rawClient(port, request).closed;
