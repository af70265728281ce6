import type { Api } from '../model/api.ts';
import type { Ending, Reply, SentRequest } from '../model/exchange.ts';
import { type BodyInFlight, bodiesInFlight } from './bodies-in-flight.ts';
import { BodyReader } from './body.ts';
import { type Redact, redactedHead } from './bounded.ts';
import { headerValue, type RawHeaders, tellingHeaders } from './headers.ts';
import { type Inflater, inflater } from './inflate.ts';
import { inMiB, type WireLimits } from './limits.ts';

/** Sees the raw response as it comes, for recordings. Headers and bytes are not redacted. */
export interface Tap {
  onHead(status: number, headers: RawHeaders, ms: number): void;
  /** Bytes after transfer decoding (chunked) and before content decoding (gzip). */
  onBytes(bytes: Uint8Array, ms: number): void;
}

export interface ResponseOptions {
  readonly api: Api | null;
  /** The body of the request. */
  readonly request: SentRequest['body'];
  readonly limits: WireLimits;
  readonly redact: Redact;
  readonly streamAsked: boolean;
  readonly tap: Tap | undefined;
  /** Leave (and close the connection) after the first text, reasoning or tool call. */
  readonly leaveAfterFirstDelta: boolean;
}

/** How a response steers its connection. */
export interface Steering {
  /** ms since the request was sent. */
  elapsed(): number;
  pause(): void;
  resume(): void;
  /** Enough was read, or nothing more can be: the connection is to be closed. */
  stop(ending: Ending): void;
  /** This program failed over the response. */
  fail(error: unknown): void;
}

/** Small pieces are put together up to here: beyond, longer texts cost more than fewer calls save. */
const BATCH_BYTES = 4096;

/** A body that holds less is not worth counting. */
const SMALL_BYTES = 64 * 1024;

/** A response from its head to its end. */
export class ResponseReader implements BodyInFlight {
  readonly #status: number;
  readonly #headers: RawHeaders;
  readonly #headMs: number;
  readonly #options: ResponseOptions;
  readonly #body: BodyReader;
  readonly #inflater: Inflater | null;
  readonly #steering: Steering;
  #stopped: Ending | null = null;
  #arrived: Buffer[] = [];
  #arrivedBytes = 0;
  #rawBytes = 0;
  #counted = false;
  #over = false;
  #at = 0;
  finishing = false;

  constructor(status: number, headers: RawHeaders, options: ResponseOptions, steering: Steering) {
    this.#status = status;
    this.#headers = headers;
    this.#headMs = steering.elapsed();
    this.#options = options;
    this.#body = new BodyReader({
      api: options.api,
      request: options.request,
      contentType: headerValue(headers, 'content-type'),
      streamAsked: options.streamAsked && status >= 200 && status < 300,
      bodyBytes: options.limits.bodyBytes,
      lineLength: options.limits.lineLength,
      redact: options.redact,
    });
    this.#steering = steering;
    this.#inflater = inflater(headerValue(headers, 'content-encoding'), {
      bytes: (bytes) => this.#take(bytes),
      drained: () => steering.resume(),
      fault: (message) => this.#stop({ kind: 'cut', message }),
    });
    options.tap?.onHead(status, headers, this.#headMs);
  }

  /** When the last bytes came, in ms since the request was sent; 0 before the first. */
  get lastBytesMs(): number {
    return this.#at;
  }

  /**
   * The next bytes from the connection. Servers send each event as an HTTP chunk of its own, many of which come with one
   * read of the socket: they are put together and looked at as soon as that read is through.
   */
  push(bytes: Buffer): void {
    if (this.#arrived.length === 0) queueMicrotask(this.#readArrived);
    this.#arrived.push(bytes);
    this.#arrivedBytes += bytes.length;
    if (this.#arrivedBytes >= BATCH_BYTES) this.#readArrived();
  }

  readonly #readArrived = (): void => {
    const [first] = this.#arrived;
    if (first === undefined) return;
    const bytes = this.#arrived.length === 1 ? first : Buffer.concat(this.#arrived);
    this.#arrived = [];
    this.#arrivedBytes = 0;
    try {
      this.#at = this.#steering.elapsed();
      this.#options.tap?.onBytes(bytes, this.#at);
      this.#rawBytes += bytes.length;
      if (this.#inflater === null) this.#take(bytes);
      else if (this.#rawBytes > this.#options.limits.bodyBytes)
        this.stop(`a body over ${inMiB(this.#options.limits.bodyBytes)} before decompression`);
      else if (!this.#inflater.write(bytes)) this.#steering.pause();
      this.#count();
    } catch (error) {
      this.#steering.fail(error);
    }
  };

  /** The body is over; `done` gets the reply once everything that was sent has come out of the decompressor. */
  finish(ending: Ending, at: number, done: (reply: Reply) => void): void {
    this.#readArrived();
    // What was left to read may have stopped the body, and that has finished it.
    if (this.finishing) return;
    this.finishing = true;
    if (this.#inflater === null || ending.kind === 'stopped' || ending.kind === 'left') {
      done(this.#reply(ending, at));
      return;
    }
    // A body that was cut off leaves the decompressor unsatisfied, too: the cut is the cause.
    this.#inflater.end(() =>
      done(this.#reply(ending.kind === 'clean' ? (this.#stopped ?? ending) : ending, at)),
    );
  }

  /** Nothing more is wanted. */
  hangUp(): void {
    this.#inflater?.destroy();
    this.#letGo();
  }

  stop(what: string): void {
    this.#stop(this.#body.stop(what));
  }

  /** Bytes after content decoding. False where no more are wanted. */
  #take(bytes: Uint8Array): boolean {
    if (this.#stopped !== null) return false;
    const ending = this.#body.push(bytes, this.#at);
    this.#count();
    if (ending !== null) this.#stop(ending);
    else if (this.#options.leaveAfterFirstDelta && this.#body.delivered) this.#stop({ kind: 'left' });
    return this.#stopped === null;
  }

  #stop(ending: Ending): void {
    if (this.#stopped !== null) return;
    this.#stopped = ending;
    this.#steering.stop(ending);
  }

  #letGo(): void {
    this.#over = true;
    this.#count();
  }

  /** What a recording keeps of it counts, too. */
  #count(): void {
    const held = this.#over ? 0 : this.#body.held + (this.#options.tap === undefined ? 0 : this.#rawBytes);
    const counted = held > SMALL_BYTES;
    if (counted || this.#counted) bodiesInFlight.holds(this, counted ? held : 0);
    this.#counted = counted;
  }

  #reply(ending: Ending, at: number): Reply {
    const { redact } = this.#options;
    this.#letGo();
    return {
      kind: 'response',
      status: this.#status,
      contentType: redactedHead(headerValue(this.#headers, 'content-type'), 256, redact),
      headers: tellingHeaders(this.#headers, redact),
      headMs: this.#headMs,
      totalMs: at,
      body: this.#body.finish(ending, at),
    };
  }
}
