/** One request through the proxy: passed on as it came, its answer passed back as it comes. */
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import type { RowEnd } from '../ledger/row.ts';
import { endToEnd, pairsOf, valuesOf, withHeader } from './headers.ts';
import type { Lane } from './lane.ts';
import { type Refusal, refuse, statusOf } from './refusal.ts';
import { Silence } from './silence.ts';
import type { Upstream } from './upstream.ts';

/** Who looks on while a request of an observed route passes. */
export interface Observer {
  /** It waited so long for its turn. */
  waited(ms: number): void;
  requestBytes(bytes: Uint8Array): void;
  /** The status that the client gets, and headers where they are the server's. */
  answered(status: number, headers: readonly string[]): void;
  /** Bytes of the answer, before the client gets them. @returns whether they end an answer that nothing follows */
  answerBytes(bytes: Uint8Array): boolean;
  /** Once or more: the first end is the one. */
  ended(end: RowEnd): void;
}

export interface ForwardOptions {
  readonly upstream: Upstream;
  /** Milliseconds. */
  readonly idleMs: number;
  /** How long an answer is read on for that nobody waits for any more; 0: not at all. */
  readonly drainMs: number;
  readonly lane: Lane | null;
  isDraining(): boolean;
}

const NOTHING = Buffer.alloc(0);

/** Passes a request on. @returns cuts it off, for good */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  options: ForwardOptions,
  observer: Observer | null,
): () => void {
  const forwarding = new Forwarding(request, response, options, observer);
  void forwarding.run();
  return () => forwarding.stop();
}

class Forwarding {
  readonly #request: IncomingMessage;
  readonly #response: ServerResponse;
  readonly #options: ForwardOptions;
  readonly #observer: Observer | null;
  readonly #silence: Silence;
  /** Aborted when nothing more is to be passed on. */
  readonly #over = new AbortController();
  #sent: ClientRequest | null = null;
  #answer: IncomingMessage | null = null;
  #clientLeft = false;
  /** The client can tell a whole answer from one that was cut off by its framing. */
  #isFramed = true;
  #release: () => void = () => undefined;

  constructor(
    request: IncomingMessage,
    response: ServerResponse,
    options: ForwardOptions,
    observer: Observer | null,
  ) {
    this.#request = request;
    this.#response = response;
    this.#options = options;
    this.#observer = observer;
    this.#silence = new Silence(options.idleMs, () => this.#fail('upstream-timeout', 'silent'));
    // Nobody waits for the server as long as nothing was sent to it.
    this.#silence.pause();
  }

  async run(): Promise<void> {
    const { lane } = this.#options;
    this.#response.on('close', () => this.#onClientClosed());
    this.#response.on('error', () => undefined);
    this.#request.on('error', () => undefined);
    if (this.#options.isDraining()) {
      this.#fail('proxy-stopped', 'draining');
      return;
    }
    if (lane !== null) {
      const came = performance.now();
      try {
        this.#release = await lane.turn(this.#over.signal);
      } catch {
        return;
      }
      this.#observer?.waited(performance.now() - came);
    }
    this.#send();
  }

  /** Ends it: the proxy stops. */
  stop(): void {
    this.#fail('proxy-stopped', 'draining');
  }

  #send(): void {
    const request = this.#request;
    const length = valuesOf(request.rawHeaders, 'content-length').length > 0;
    const chunked = valuesOf(request.rawHeaders, 'transfer-encoding').length > 0;
    let headers = endToEnd(request.rawHeaders, chunked);
    if (chunked && !length) headers = [...headers, ['Transfer-Encoding', 'chunked']];
    // What is compressed cannot be observed.
    if (this.#observer !== null) headers = withHeader(headers, 'Accept-Encoding', 'identity');
    let sent: ClientRequest;
    try {
      sent = this.#options.upstream.open({
        method: request.method ?? 'GET',
        url: request.url ?? '/',
        headers,
        hasBody: length || chunked,
      });
    } catch {
      this.#fail('upstream-unreachable', 'unreachable');
      return;
    }
    this.#sent = sent;
    sent.on('error', () => this.#fail('upstream-unreachable', 'unreachable'));
    sent.on('continue', () => {
      this.#silence.pause();
      this.#response.writeContinue();
    });
    sent.on('response', (answer) => this.#pass(answer));
    if (request.headers.expect !== undefined) this.#silence.measure();
    this.#upload(sent, chunked);
  }

  /** The silence of the server is measured while it does not take what was sent, and once it has all. */
  #upload(sent: ClientRequest, chunked: boolean): void {
    const request = this.#request;
    request.on('data', (bytes: Buffer) => {
      this.#observer?.requestBytes(bytes);
      if (sent.write(bytes)) return;
      request.pause();
      this.#silence.measure();
    });
    sent.on('drain', () => {
      if (this.#answer === null) this.#silence.pause();
      request.resume();
    });
    request.on('end', () => {
      if (chunked && request.rawTrailers.length > 0) sent.addTrailers(trailersOf(request));
      sent.end();
      this.#silence.measure();
    });
  }

  #pass(answer: IncomingMessage): void {
    this.#answer = answer;
    const response = this.#response;
    const status = answer.statusCode ?? 502;
    const length = valuesOf(answer.rawHeaders, 'content-length').length > 0;
    const chunked = answer.headers['transfer-encoding'] !== undefined;
    answer.on('error', () => this.#fail('upstream-cut', 'unreachable'));
    this.#observer?.answered(status, answer.rawHeaders);
    const hasTrailers = chunked && !length && canBeChunked(this.#request, status);
    if (!this.#clientLeft) {
      try {
        bareHead(response);
        const headers = endToEnd(answer.rawHeaders, hasTrailers).flat();
        response.writeHead(status, answer.statusMessage ?? '', headers);
        // At once, and in the encoding in which it came: flushHeaders() writes UTF-8.
        response.write(NOTHING);
        this.#isFramed = length || response.chunkedEncoding;
      } catch {
        this.#fail('upstream-cut', 'unreachable');
        return;
      }
    }
    this.#silence.measure();
    answer.on('data', (bytes: Buffer) => this.#passBytes(answer, bytes));
    answer.on('end', () => {
      if (!answer.complete) {
        this.#fail('upstream-cut', 'unreachable');
        return;
      }
      if (hasTrailers && answer.rawTrailers.length > 0) response.addTrailers(trailersOf(answer));
      this.#finish(this.#clientLeft ? 'client-left' : 'complete');
      response.end();
    });
  }

  #passBytes(answer: IncomingMessage, bytes: Buffer): void {
    const response = this.#response;
    this.#silence.broken();
    // Its row is written before the client has seen the end.
    if (this.#observer?.answerBytes(bytes) === true)
      this.#observer.ended(this.#clientLeft ? 'client-left' : 'complete');
    if (this.#clientLeft || response.write(bytes)) return;
    answer.pause();
    this.#silence.pause();
    response.once('drain', () => this.#readOn());
  }

  #readOn(): void {
    if (this.#over.signal.aborted) return;
    this.#silence.measure();
    this.#answer?.resume();
  }

  /** Nothing more comes. */
  #finish(end: RowEnd): void {
    this.#silence.pause();
    this.#observer?.ended(end);
    this.#over.abort();
    this.#release();
    // What is left of the request goes nowhere.
    this.#request.removeAllListeners('data').resume();
    if (!this.#request.complete) this.#sent?.destroy();
  }

  /** There is no whole answer: the client is told where that is possible, and is cut off where it is not. */
  #fail(end: RowEnd, refusal: Refusal): void {
    if (this.#over.signal.aborted) return;
    const response = this.#response;
    const began = response.headersSent;
    if (!began && !this.#clientLeft) this.#observer?.answered(statusOf(refusal), []);
    const broken = began && end === 'upstream-unreachable' ? 'upstream-cut' : end;
    this.#finish(this.#clientLeft ? 'client-left' : broken);
    this.#sent?.destroy();
    if (this.#clientLeft) return;
    if (began) cut(response, this.#isFramed);
    else refuse(response, refusal);
  }

  #onClientClosed(): void {
    if (this.#over.signal.aborted || this.#clientLeft) return;
    this.#clientLeft = true;
    const { drainMs } = this.#options;
    if (drainMs === 0 || this.#sent === null) {
      this.#fail('client-left', 'unreachable');
      return;
    }
    setTimeout(() => this.#fail('client-left', 'unreachable'), drainMs).unref();
    this.#readOn();
  }
}

type Pairs = ReadonlyArray<[string, string]>;

const trailersOf = ({ rawTrailers }: IncomingMessage): Pairs =>
  pairsOf(rawTrailers).map(([name, value]) => [name, value]);

const canBeChunked = ({ method, httpVersion }: IncomingMessage, status: number): boolean =>
  httpVersion === '1.1' && method !== 'HEAD' && status !== 204 && status !== 304;

/** From now on node adds no header but `Connection: close` where that is so. */
function bareHead(response: ServerResponse): void {
  response.sendDate = false;
  if (response.shouldKeepAlive) response.removeHeader('connection');
}

/** Cuts off an answer that has begun so that nobody takes it for whole; what was written before still arrives. */
function cut(response: ServerResponse, isFramed: boolean): void {
  const { socket } = response;
  if (socket === null || socket.destroyed) return;
  // Where the close of the connection ends a body, only a reset is no clean end.
  response.write('', () => (isFramed ? socket.destroy() : socket.resetAndDestroy()));
}
