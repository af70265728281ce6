import type { Dispatcher } from 'undici';
import { brokenOff } from '../model/broken-off.ts';
import type { Ending, Reply, SentRequest } from '../model/exchange.ts';
import { describeFault, isUnaskedContinue } from './faults.ts';
import type { RawHeaders } from './headers.ts';
import { type Lane, LaneUse } from './lanes.ts';
import { Deadlines, inSeconds, stopped, type WireLimits } from './limits.ts';
import { type ResponseOptions, ResponseReader } from './response.ts';

export interface AttemptOptions extends ResponseOptions {
  readonly limits: WireLimits;
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | undefined;
}

export interface AttemptResult {
  readonly reply: Reply;
  /** The connection is still good. */
  readonly clean: boolean;
  /** Closed at once and without a byte on a kept-alive connection: it had been closed before the request was sent. */
  readonly keepAliveRace: boolean;
}

/** Sends a request once over a lane and reads what comes. Never rejects. */
export function attempt(lane: Lane, request: SentRequest, options: AttemptOptions): Promise<AttemptResult> {
  const url = new URL(request.url);
  return new Promise((resolve) => new Attempt(lane, url.host, options, resolve).start(request, url));
}

class Attempt implements Dispatcher.DispatchHandler {
  readonly #dispatcher: Dispatcher;
  readonly #options: AttemptOptions;
  readonly #resolve: (result: AttemptResult) => void;
  readonly #host: string;
  readonly #use: LaneUse;
  readonly #deadlines = new Deadlines();
  #controller: Dispatcher.DispatchController | null = null;
  #response: ResponseReader | null = null;
  #startedAt = performance.now();
  #bodyBegan = false;
  #settled = false;

  constructor(lane: Lane, host: string, options: AttemptOptions, resolve: (result: AttemptResult) => void) {
    this.#dispatcher = lane.dispatcher;
    this.#options = options;
    this.#resolve = resolve;
    this.#host = `at ${host}${lane.proxied ? ' (a proxy is set in the environment)' : ''}`;
    this.#use = new LaneUse(lane);
  }

  start({ method, body }: SentRequest, { origin, pathname, search }: URL): void {
    const { limits, signal, headers } = this.#options;
    if (signal?.aborted) {
      this.#brokenOff();
      return;
    }
    signal?.addEventListener('abort', this.#brokenOff, { once: true });
    this.#deadlines.after(Math.min(limits.connectMs, limits.totalMs), () => this.#noConnection());
    this.#deadlines.after(limits.totalMs, () => this.#outOfTime());
    const text = body === null || typeof body === 'string' ? body : JSON.stringify(body);
    const options = { origin, path: pathname + search, method, headers: { ...headers }, body: text };
    try {
      this.#dispatcher.dispatch(options, this);
    } catch (error) {
      this.onResponseError(null, error instanceof Error ? error : new Error(String(error)));
    }
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#settled) {
      controller.abort(new Error('settled'));
      return;
    }
    this.#startedAt = performance.now();
    this.#use.sent();
    this.#deadlines.after(this.#options.limits.firstByteMs, () => this.#noFirstByte());
  }

  onResponseStart(controller: Dispatcher.DispatchController, status: number, headers: RawHeaders): void {
    // 1xx: the answer is yet to come.
    if (status < 200 || this.#settled) return;
    this.#guarded(() => {
      this.#response = new ResponseReader(status, headers, this.#options, {
        elapsed: () => this.#elapsed(),
        pause: () => controller.pause(),
        resume: () => controller.resume(),
        stop: (ending) => this.#finish(ending),
        fail: (error) => this.#failed(error),
      });
    });
  }

  onResponseData(_controller: Dispatcher.DispatchController, bytes: Buffer): void {
    if (this.#settled) return;
    this.#response?.push(bytes);
    // The first bytes may have been enough: no timer may outlive that, the process would wait for it.
    if (this.#bodyBegan || this.#settled) return;
    this.#bodyBegan = true;
    this.#deadlines.after(this.#options.limits.idleMs, () => this.#idle());
  }

  onResponseEnd(): void {
    const { fault } = this.#use;
    // undici takes a reset for the end of a body that ends with its connection.
    if (fault === null) this.#finish({ kind: 'clean' });
    else this.#finish({ kind: 'cut', message: describeFault(fault, this.#host) });
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#settled) return;
    const message = describeFault(this.#use.fault ?? error, this.#host);
    if (this.#response !== null) this.#finish({ kind: 'cut', message });
    else if ('code' in error && error.code === 'UND_ERR_INVALID_ARG') {
      this.#settle({ kind: 'unsent', message: `cannot be sent: ${error.message}` });
    } else if (isUnaskedContinue(error)) {
      const what = 'a 100 Continue that was not asked for, which lastchunk cannot read past';
      this.#settle({ kind: 'unsent', message: `${what} ${this.#host}` });
    } else if (this.#controller === null) this.#settle({ kind: 'unreachable', message });
    else {
      const race = this.#use.isKeepAliveRace(this.#elapsed());
      this.#settle({ kind: 'dropped', message: `${message}, before any response` }, race);
    }
  }

  #noConnection(): void {
    if (this.#controller !== null) return;
    const waited = inSeconds(this.#elapsed());
    this.#settle({ kind: 'unreachable', message: `no connection within ${waited} ${this.#host}` });
  }

  #noFirstByte(): void {
    if (this.#bodyBegan) return;
    const waited = inSeconds(this.#options.limits.firstByteMs);
    if (this.#response === null) this.#silent(`no response within ${waited}`);
    else this.#finish(stopped('idle', `no byte of the body within ${waited}`));
  }

  #idle(): void {
    const { idleMs } = this.#options.limits;
    // One timer for the whole body, set again for what is left: bytes come far too often to reset one each time.
    const left = (this.#response?.lastBytesMs ?? 0) + idleMs - this.#elapsed();
    if (left > 1) this.#deadlines.after(left, () => this.#idle());
    else this.#finish(stopped('idle', `nothing for ${inSeconds(idleMs)} in the middle of the body`));
  }

  #outOfTime(): void {
    const limit = inSeconds(this.#options.limits.totalMs);
    if (this.#response === null) this.#silent(`no response within ${limit}`);
    else this.#finish(stopped('timeout', `the body still ran after ${limit}`));
  }

  #silent(message: string): void {
    const waitedMs = Math.round(this.#elapsed());
    this.#settle({ kind: 'silent', waitedMs, message: `${message} ${this.#host}` });
  }

  /** Ctrl-C, or the time of the run is over: half an answer is not judged, so it is as if it had not been sent. */
  readonly #brokenOff = (): void => {
    const { signal } = this.#options;
    const why = signal === undefined ? null : brokenOff(signal);
    if (why !== null) this.#settle({ kind: 'unsent', message: why.message });
  };

  #guarded(read: () => void): void {
    try {
      read();
    } catch (error) {
      this.#failed(error);
    }
  }

  /** A fault of this program must not look like one of the server. */
  #failed(error: unknown): void {
    const what = error instanceof Error ? error.message : String(error);
    this.#settle({ kind: 'unsent', message: `internal fault while reading the response: ${what}` });
  }

  /** The body is over. What a decompressor still holds is waited for, unless it was us who ended it. */
  #finish(ending: Ending): void {
    const response = this.#response;
    if (this.#settled || response === null || response.finishing) return;
    this.#guarded(() => response.finish(ending, this.#elapsed(), (reply) => this.#settle(reply)));
  }

  #settle(reply: Reply, keepAliveRace = false): void {
    if (this.#settled) return;
    this.#settled = true;
    this.#deadlines.clear();
    this.#options.signal?.removeEventListener('abort', this.#brokenOff);
    const clean = reply.kind === 'response' && reply.body.ending.kind === 'clean';
    if (!clean) this.#hangUp();
    this.#resolve({ reply, clean, keepAliveRace });
  }

  #hangUp(): void {
    this.#controller?.abort(new Error('closed by lastchunk'));
    this.#response?.hangUp();
  }

  #elapsed(): number {
    return performance.now() - this.#startedAt;
  }
}
