import type { Socket } from 'node:net';
import { rootCertificates } from 'node:tls';
import { buildConnector, Client, type Dispatcher, EnvHttpProxyAgent } from 'undici';
import { MAX_HEAD_BYTES } from './limits.ts';

/** One connection at a time to one origin, kept alive between requests. */
export interface Lane {
  readonly dispatcher: Dispatcher;
  /** Goes through EnvHttpProxyAgent: serves one request, and its connection is not seen. */
  readonly proxied: boolean;
  /** Connections made so far; unchanged over a request that went over a kept-alive one. */
  connections: number;
  /** The newest connection; null before the first, and behind a proxy. */
  socket: Socket | null;
  /** The fault of the newest connection. undici takes a reset for the end of a body that ends with its connection. */
  fault: Error | null;
  /** Ends each of its connections, also one that is still being made: undici forgets those, and a process waits for them. */
  hangUp(): void;
}

/** No own time-outs in undici (they are checked once a second only); one request at a time on a connection. */
const CLIENT_OPTIONS = {
  headersTimeout: 0,
  bodyTimeout: 0,
  maxHeaderSize: MAX_HEAD_BYTES,
  pipelining: 1,
} as const;

/**
 * Opens lanes. With HTTP_PROXY or HTTPS_PROXY set, undici's EnvHttpProxyAgent chooses the way (NO_PROXY included), and a
 * lane serves one request: whether a proxied connection was a kept-alive one cannot be seen.
 */
export class Lanes {
  readonly #ca: { readonly ca: string[] } | Record<string, never>;
  readonly #idle = new Map<string, Lane[]>();
  readonly #all = new Set<Lane>();
  readonly #proxied: boolean;

  constructor(caPem: string | undefined, environment: NodeJS.ProcessEnv = process.env) {
    this.#ca = caPem === undefined ? {} : { ca: [...rootCertificates, caPem] };
    const names = ['http_proxy', 'HTTP_PROXY', 'https_proxy', 'HTTPS_PROXY'];
    this.#proxied = names.some((name) => (environment[name] ?? '') !== '');
  }

  /** A lane nobody uses. `fresh`: with a new connection. */
  take(origin: string, fresh: boolean): Lane {
    const idle = fresh ? undefined : this.#idle.get(origin)?.pop();
    if (idle !== undefined) return idle;
    const lane = this.#proxied ? this.#proxyLane() : this.#directLane(origin);
    this.#all.add(lane);
    return lane;
  }

  /** Gives a lane back after a clean answer. */
  release(origin: string, lane: Lane): void {
    if (lane.proxied || !this.#all.has(lane)) {
      void this.discard(lane);
      return;
    }
    const idle = this.#idle.get(origin) ?? [];
    idle.push(lane);
    this.#idle.set(origin, idle);
  }

  /** Closes a lane and its connection. */
  async discard(lane: Lane): Promise<void> {
    this.#all.delete(lane);
    const gone = lane.dispatcher.destroy().catch(() => undefined);
    lane.hangUp();
    await gone;
  }

  async close(): Promise<void> {
    this.#idle.clear();
    await Promise.all([...this.#all].map((lane) => this.discard(lane)));
  }

  #directLane(origin: string): Lane {
    let connection = new AbortController();
    const lane: Lane = {
      proxied: false,
      connections: 0,
      socket: null,
      fault: null,
      hangUp: () => connection.abort(),
      dispatcher: new Client(origin, {
        ...CLIENT_OPTIONS,
        connect: (options, callback) => {
          // One for each connection: Node listens to it for as long as it lives.
          connection = new AbortController();
          const connect = buildConnector({ timeout: 0, signal: connection.signal, ...this.#ca });
          connect(options, (error, socket) => {
            if (error !== null) {
              callback(error, null);
              return;
            }
            lane.connections += 1;
            lane.socket = socket;
            lane.fault = null;
            socket.on('error', (fault: Error & { code?: string }) => {
              // undici closes a connection it is done with by an error of its own.
              if (fault.code !== 'UND_ERR_INFO' && lane.socket === socket) lane.fault = fault;
            });
            callback(null, socket);
          });
        },
      }),
    };
    return lane;
  }

  #proxyLane(): Lane {
    const life = new AbortController();
    const connecting = { timeout: 0, signal: life.signal, ...this.#ca };
    const dispatcher = new EnvHttpProxyAgent({
      ...CLIENT_OPTIONS,
      connections: 1,
      connect: connecting,
      requestTls: connecting,
      proxyTls: connecting,
      // Plain http:// goes to the proxy as an absolute URL, as curl does: few proxies tunnel to port 80.
      proxyTunnel: false,
    });
    const hangUp = () => life.abort();
    return { dispatcher, proxied: true, connections: 0, socket: null, fault: null, hangUp };
  }
}

/** A kept-alive connection that was closed meanwhile shows within a round trip; a server that crashes takes longer. */
const RACE_MS = 2000;

/** One request's use of a lane: which connection it went over, and whether anything came back on it. */
export class LaneUse {
  readonly #lane: Lane;
  readonly #connectionsBefore: number;
  #bytesBefore = 0;

  /** To be made before the request is dispatched. */
  constructor(lane: Lane) {
    lane.fault = null;
    this.#lane = lane;
    this.#connectionsBefore = lane.connections;
  }

  /** The request is being written. */
  sent(): void {
    this.#bytesBefore = this.#lane.socket?.bytesRead ?? 0;
  }

  /** The connection's own fault, which says more than what undici makes of it. */
  get fault(): Error | null {
    return this.#lane.fault;
  }

  /** The request went over a connection kept alive from an earlier one, and was dropped soon, without a byte back. */
  isKeepAliveRace(elapsedMs: number): boolean {
    const { connections, socket } = this.#lane;
    const reused = connections > 0 && connections === this.#connectionsBefore;
    return reused && elapsedMs < RACE_MS && socket !== null && socket.bytesRead === this.#bytesBefore;
  }
}
