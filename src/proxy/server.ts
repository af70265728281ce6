/** The proxy's own port: every path of it belongs to the target. */
import { createServer, IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { type ForwardOptions, forward } from './forward.ts';
import type { Observer } from './observer.ts';
import { tunnel } from './tunnel.ts';
import { MOST_HEADER_BYTES } from './upstream.ts';

/** Longer than load balancers keep an idle connection, so that it is they who close it. */
const IDLE_CLIENT_MS = 75_000;
const SLOW_HEADERS_MS = 60_000;

export interface ProxyServer {
  readonly port: number;
  /**
   * Refuses what comes from now on, and waits for what is under way.
   * @returns whether all of it ended by itself within so many milliseconds; what did not was cut off
   */
  drain(timeoutMs: number): Promise<boolean>;
}

export interface ProxyServerOptions extends Omit<ForwardOptions, 'isDraining'> {
  readonly host: string;
  readonly port: number;
  /** null: nobody looks on. */
  observe(request: IncomingMessage): Observer | null;
  /** Whether a request is one of an observed route. */
  isObserved(method: string, url: string): boolean;
  isDraining(): boolean;
  onDrain(): void;
}

/** @throws what `listen` throws, where the port can't be used */
export async function startProxyServer(options: ProxyServerOptions): Promise<ProxyServer> {
  /** What is under way, each with what cuts it off. */
  const open = new Map<object, () => void>();
  let onIdle: () => void = () => undefined;
  const isOver = (one: object) => {
    open.delete(one);
    if (open.size === 0) onIdle();
  };
  const passOn = (request: IncomingMessage, response: ServerResponse) => {
    if (options.isDraining()) response.shouldKeepAlive = false;
    response.on('close', () => isOver(response));
    open.set(response, () => undefined);
    open.set(response, forward(request, response, options, options.observe(request)));
  };
  const server = createServer({ maxHeaderSize: MOST_HEADER_BYTES, IncomingMessage: messageFor(options) });
  server.maxHeadersCount = 0;
  server.requestTimeout = 0;
  server.headersTimeout = SLOW_HEADERS_MS;
  server.keepAliveTimeout = IDLE_CLIENT_MS;
  server.on('request', passOn).on('checkContinue', passOn).on('checkExpectation', passOn);
  server.on('upgrade', (request: IncomingMessage, client: Duplex, head: Buffer) => {
    client.on('close', () => isOver(client));
    open.set(client, tunnel(request, client, head, options));
  });
  await listening(server, options.port, options.host);
  return {
    port: (server.address() as AddressInfo).port,
    async drain(timeoutMs) {
      options.onDrain();
      server.closeIdleConnections();
      const ended = await new Promise<boolean>((resolve) => {
        onIdle = () => resolve(true);
        setTimeout(() => resolve(open.size === 0), timeoutMs).unref();
        if (open.size === 0) resolve(true);
      });
      for (const cutOff of open.values()) cutOff();
      server.close();
      // What was cut off is to arrive as far as it got.
      await new Promise((resolve) => setImmediate(resolve));
      server.closeAllConnections();
      return ended;
    },
  };
}

/** A request of an observed route stays with HTTP, whatever protocol it would like better: some clients always ask for h2c. */
function messageFor({ isObserved }: ProxyServerOptions): typeof IncomingMessage {
  return class extends IncomingMessage {
    declare wantsUpgrade: boolean;

    get upgrade(): boolean {
      return this.wantsUpgrade && !isObserved(this.method ?? '', this.url ?? '');
    }

    set upgrade(wanted: boolean) {
      this.wantsUpgrade = wanted;
    }
  };
}

/** @throws where the port can't be listened on */
export function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
