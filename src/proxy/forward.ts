/** One request through the proxy: passed on as it came, its answer passed back as it comes. */
import type { ClientRequest, IncomingMessage, ServerResponse } from 'node:http';
import type { RowEnd } from '../ledger/row.ts';
import { canBeChunked, cut, NOTHING, trailersOf, writeHead } from './client-side.ts';
import { endToEnd, valuesOf, withHeader, withoutHeader } from './headers.ts';
import type { Observer } from './observer.ts';
import { type Refusal, refuse, statusOf } from './refusal.ts';
import { Silence } from './silence.ts';
import type { Turns } from './turns.ts';
import type { Upstream } from './upstream.ts';

export interface ForwardOptions {
  readonly upstream: Upstream;
  /** Milliseconds. */
  readonly idleMs: number;
  /** How long an answer is read on for that nobody waits for any more; 0: not at all. */
  readonly drainMs: number;
  /** Where the server may be one that can't do two things at a time. */
  readonly turns: Turns | null;
  isDraining(): boolean;
}

/** A refusal that says more is not read for what it is about. */
const MOST_REFUSAL_BYTES = 64 * 1024;
const MODE_HEADER = 'lastchunk-mode';
/** A reason that is no error: making one takes longer than passing a chunk on. */
const OVER = 'over';

/** Passes a request on. @returns cuts it off, for good */
export function forward(
  request: IncomingMessage,
  response: ServerResponse,
  options: ForwardOptions,
  observer: Observer | null,
): () => void {
  const forwarding = new Forwarding(request, response, options, observer);
  forwarding.run().catch(() => forwarding.stop());
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
  readonly #hasLength: boolean;
  readonly #isChunked: boolean;
  /** The whole body of the request, where it was read ahead. */
  #ahead: Buffer | null = null;
  /** The client was told to send its body. */
  #continued = false;
  #sent: ClientRequest | null = null;
  #answer: IncomingMessage | null = null;
  #clientLeft = false;
  /** The client can tell a whole answer from one that was cut off by its framing. */
  #isFramed = true;
  #hasTrailers = false;
  /** Bytes of the answer went to the client, and the head with them. */
  #hasGiven = false;
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
    this.#hasLength = valuesOf(request.rawHeaders, 'content-length').length > 0;
    this.#isChunked = valuesOf(request.rawHeaders, 'transfer-encoding').length > 0;
    this.#silence = new Silence(options.idleMs, () => this.#fail('upstream-timeout', 'silent'));
    // Nobody waits for the server as long as nothing was sent to it.
    this.#silence.pause();
  }

  async run(): Promise<void> {
    const { turns } = this.#options;
    const observer = this.#observer;
    this.#response.on('close', () => this.#onClientClosed());
    this.#response.on('error', () => undefined);
    this.#request.on('error', () => undefined);
    if (this.#options.isDraining()) {
      this.#fail('proxy-stopped', 'draining');
      return;
    }
    let first: readonly Buffer[] = [];
    if (observer?.readsAhead === true) {
      first = await this.#readAhead(observer);
      if (this.#over.signal.aborted) return;
    }
    if (turns !== null) {
      const came = performance.now();
      try {
        this.#release = await turns.turn(this.#over.signal);
      } catch {
        return;
      }
      observer?.waited(performance.now() - came);
    }
    if (this.#ahead === null) this.#stream(first);
    else this.#sendWhole(observer?.edited() ?? this.#ahead);
  }

  /** Ends it: the proxy stops. */
  stop(): void {
    this.#fail('proxy-stopped', 'draining');
  }

  /** Reads the whole body. @returns what was read of it where it is too large; the rest is to be streamed */
  #readAhead(observer: Observer): Promise<readonly Buffer[]> {
    const request = this.#request;
    const pieces: Buffer[] = [];
    // The target is not asked before it is all there.
    this.#continued = request.headers.expect !== undefined;
    if (this.#continued) this.#response.writeContinue();
    return new Promise((resolve) => {
      const onData = (bytes: Buffer) => {
        pieces.push(bytes);
        observer.requestBytes(bytes);
        if (!observer.readsAhead) end(null);
      };
      const onEnd = () => end(Buffer.concat(pieces));
      const end = (whole: Buffer | null) => {
        request.off('data', onData).off('end', onEnd).pause();
        this.#ahead = whole;
        resolve(pieces);
      };
      request.on('data', onData).on('end', onEnd);
      this.#over.signal.addEventListener('abort', () => resolve(pieces));
    });
  }

  /** Opens the request to the target. */
  #open(bodyBytes: number | null): ClientRequest | null {
    const request = this.#request;
    let headers = endToEnd(request.rawHeaders, this.#isChunked && this.#ahead === null);
    if (this.#isChunked && !this.#hasLength) headers = [...headers, ['Transfer-Encoding', 'chunked']];
    if (bodyBytes !== null && this.#hasLength)
      headers = withHeader(headers, 'Content-Length', String(bodyBytes));
    if (this.#continued) headers = withoutHeader(headers, 'expect');
    // What is compressed cannot be observed.
    if (this.#observer !== null) headers = withHeader(headers, 'Accept-Encoding', 'identity');
    let sent: ClientRequest;
    try {
      sent = this.#options.upstream.open({
        method: request.method ?? 'GET',
        url: request.url ?? '/',
        headers,
        hasBody: this.#hasLength || this.#isChunked,
      });
    } catch {
      this.#fail('upstream-unreachable', 'unreachable');
      return null;
    }
    this.#sent = sent;
    sent.on('error', () => {
      // It may be one that was refused, and another is under way.
      if (this.#sent === sent) this.#fail('upstream-unreachable', 'unreachable');
    });
    sent.on('response', (answer) => this.#answered(answer));
    return sent;
  }

  #sendWhole(body: Buffer): void {
    const sent = this.#open(body.length);
    sent?.end(body);
    if (sent !== null) this.#silence.measure();
  }

  /** The silence of the server is measured while it does not take what was sent, and once it has all. */
  #stream(first: readonly Buffer[]): void {
    const request = this.#request;
    const sent = this.#open(null);
    if (sent === null) return;
    sent.on('continue', () => {
      if (request.headers.expect === undefined || this.#continued) return;
      this.#silence.pause();
      this.#response.writeContinue();
    });
    if (request.headers.expect !== undefined && !this.#continued) this.#silence.measure();
    for (const bytes of first) sent.write(bytes);
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
      if (this.#isChunked && request.rawTrailers.length > 0) sent.addTrailers(trailersOf(request));
      sent.end();
      this.#silence.measure();
    });
    request.resume();
  }

  #answered(answer: IncomingMessage): void {
    this.#answer = answer;
    const status = answer.statusCode ?? 502;
    answer.on('error', () => {
      if (this.#answer === answer) this.#fail('upstream-cut', 'unreachable');
    });
    this.#silence.measure();
    if (this.#observer?.mayRefuseEdit(status) === true)
      void this.#readRefusal(answer, status, this.#observer);
    else this.#pass(answer, status);
  }

  /** An answer that may be about what was put into the request: then it is sent once more, as it came. */
  async #readRefusal(answer: IncomingMessage, status: number, observer: Observer): Promise<void> {
    const pieces: Buffer[] = [];
    let bytes = 0;
    const isWhole = await new Promise<boolean>((resolve) => {
      answer.on('data', (piece: Buffer) => {
        pieces.push(piece);
        bytes += piece.length;
        this.#silence.broken();
        if (bytes > MOST_REFUSAL_BYTES) resolve(false);
      });
      answer.on('end', () => resolve(answer.complete));
      this.#over.signal.addEventListener('abort', () => resolve(false));
    });
    answer.removeAllListeners('data').removeAllListeners('end').pause();
    if (this.#over.signal.aborted) return;
    const whole = Buffer.concat(pieces);
    if (isWhole && this.#ahead !== null && observer.refusesEdit(whole.toString('utf8'))) {
      this.#answer = null;
      this.#sendWhole(this.#ahead);
      return;
    }
    if (!this.#head(answer, status)) return;
    this.#passBytes(answer, whole);
    if (isWhole) void this.#passEnd(answer);
    else this.#flow(answer);
  }

  #pass(answer: IncomingMessage, status: number): void {
    if (this.#head(answer, status)) this.#flow(answer);
  }

  /** @returns false where there is no passing it on */
  #head(answer: IncomingMessage, status: number): boolean {
    const response = this.#response;
    const observer = this.#observer;
    const hasLength = valuesOf(answer.rawHeaders, 'content-length').length > 0;
    const isChunked = answer.headers['transfer-encoding'] !== undefined;
    observer?.answered(status, answer.rawHeaders);
    this.#hasTrailers = isChunked && !hasLength && canBeChunked(this.#request, status);
    if (this.#clientLeft) return true;
    let headers = endToEnd(answer.rawHeaders, this.#hasTrailers);
    if (observer?.editsAnswer === true) headers = withoutHeader(headers, 'content-length');
    if (typeof observer?.mode === 'string') headers = withHeader(headers, MODE_HEADER, observer.mode);
    try {
      writeHead(response, status, answer.statusMessage ?? '', headers);
      // With the first bytes where they are there already, else without them.
      setImmediate(() => {
        if (this.#hasGiven || this.#over.signal.aborted) return;
        response.write(NOTHING);
      });
    } catch {
      this.#fail('upstream-cut', 'unreachable');
      return false;
    }
    this.#isFramed = response.chunkedEncoding || (hasLength && observer?.editsAnswer !== true);
    return true;
  }

  #flow(answer: IncomingMessage): void {
    answer.on('data', (bytes: Buffer) => this.#passBytes(answer, bytes));
    answer.on('end', () => void this.#passEnd(answer));
    answer.resume();
  }

  #passBytes(answer: IncomingMessage, bytes: Buffer): void {
    const observer = this.#observer;
    this.#silence.broken();
    if (observer === null) {
      this.#give(answer, bytes);
      return;
    }
    const pieces = observer.answerBytes(bytes);
    // Its row is written before the client has seen the end.
    if (observer.becameWhole()) observer.ended(this.#clientLeft ? 'client-left' : 'complete');
    for (const piece of pieces) this.#give(answer, piece);
  }

  #give(answer: IncomingMessage, bytes: Uint8Array): void {
    this.#hasGiven = true;
    if (this.#clientLeft || this.#response.write(bytes) || answer.isPaused()) return;
    answer.pause();
    this.#silence.pause();
    this.#response.once('drain', () => this.#readOn());
  }

  async #passEnd(answer: IncomingMessage): Promise<void> {
    if (!answer.complete) {
      this.#fail('upstream-cut', 'unreachable');
      return;
    }
    const response = this.#response;
    const observer = this.#observer;
    this.#silence.pause();
    const rest = observer?.editsAnswer === true ? await observer.rest(this.#over.signal) : [];
    if (this.#over.signal.aborted) return;
    if (this.#hasTrailers && answer.rawTrailers.length > 0) response.addTrailers(trailersOf(answer));
    this.#finish(this.#clientLeft ? 'client-left' : 'complete');
    for (const piece of rest) response.write(piece);
    response.end();
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
    this.#over.abort(OVER);
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
    const held = began ? (this.#observer?.held() ?? []) : [];
    const broken = began && end === 'upstream-unreachable' ? 'upstream-cut' : end;
    this.#finish(this.#clientLeft ? 'client-left' : broken);
    this.#sent?.destroy();
    if (this.#clientLeft) return;
    for (const piece of held) response.write(piece);
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
