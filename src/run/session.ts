/** One server under test: sends requests, and remembers what it has learnt on the way (pace, context, substitutes). */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ServerTarget } from '../config/server-target.ts';
import type { Api, ApiId, Mode } from '../model/api.ts';
import { brokenOff } from '../model/broken-off.ts';
import { namesModel, nowhereBeside } from '../model/endpoint-path.ts';
import type { Exchange } from '../model/exchange.ts';
import type { JsonObject } from '../model/json.ts';
import { outcomeOf, refusalReason, statusOf } from '../model/outcome.ts';
import type { Halt } from '../model/report.ts';
import { contextOfRefusal } from '../products/context.ts';
import {
  isSecretHeader,
  redactor,
  redactUrl,
  secretsOfBody,
  secretsOfHeaders,
  secretsOfProxies,
  secretsOfUrl,
} from '../wire/redact.ts';
import { network, type SendOptions, type Transport, type Wire } from '../wire/send.ts';
import { apiUrl, parseServerUrl, type ServerUrl } from '../wire/url.ts';
import { leastNamed } from './least-limit.ts';
import { Liveness, type Plain } from './liveness.ts';
import type { RunOptions } from './options.ts';
import { Pace } from './pace.ts';
import { Substitutions } from './substitutions.ts';
import { isPage, pageInstead } from './web-page.ts';

/** ms to wait for the answer to a path that nobody serves. */
const ELSEWHERE_MS = 3000;

/** Bytes of an answer that is not judged: a model list is kept for as long as the run goes on. */
const LOOK_BYTES = 2 * 1024 * 1024;

export class Session {
  readonly target: ServerTarget;
  readonly options: RunOptions;
  readonly server: ServerUrl;
  readonly wire: Wire;
  readonly pace: Pace;
  readonly liveness = new Liveness(this);
  readonly #transport: Transport;
  /** Takes the server's keys out of a text. */
  readonly redact: (text: string) => string;
  root: string;
  model: string | null;
  context: number | null = null;
  halt: Halt | null = null;
  readonly headers: Record<string, string> = {};
  readonly notes: string[] = [];
  requests = 0;
  serverMs = 0;
  fingerprint: string | null = null;
  /** The user's key, where it is one that an API may want in a header of its own. */
  readonly #key: string | null;
  /** APIs that want it as `authorization: Bearer` all the same. */
  readonly #asBearer = new Set<ApiId>();
  readonly #substitutions = new Substitutions();
  /** APIs that were served, and those to which a request for a whole answer has to say so. */
  readonly #served = new Set<ApiId>();
  readonly #whole = new Set<ApiId>();

  /** @throws ServerUrlError */
  constructor(target: ServerTarget, options: RunOptions) {
    this.target = target;
    this.options = options;
    this.server = parseServerUrl(target.url);
    this.model = target.model;
    this.root = '';
    this.pace = new Pace(options.timeoutMs);
    const own = this.server.authorization === null ? {} : { authorization: this.server.authorization };
    const baseHeaders = { ...own, ...target.headers };
    this.#key = bearerKey(baseHeaders);
    const secrets = [
      ...secretsOfUrl(target.url),
      ...secretsOfBody(options.body),
      ...secretsOfProxies(process.env),
    ];
    this.redact = redactor([...secretsOfHeaders(baseHeaders), ...secrets]);
    this.#transport = options.transport ?? network;
    this.wire = this.#transport.open({
      baseHeaders,
      secrets,
      ...(target.keyVariable === undefined ? {} : { keyVariable: target.keyVariable }),
      timeoutMs: options.timeoutMs,
      ...(options.caPem === null ? {} : { caPem: options.caPem }),
    });
  }

  /** Whether the user gave a key, or another authorization. */
  get sendsKey(): boolean {
    return this.server.authorization !== null || Object.keys(this.target.headers).some(isSecretHeader);
  }

  /** Nothing but web pages came so far. */
  onlyPages = false;

  note(text: string): void {
    if (!this.notes.includes(text)) this.notes.push(text);
  }

  /** Sends a GET with a short time-out. It halts nothing: a 401 may be for that endpoint alone. */
  lookAt(url: string, waitMs = 3000): Promise<Exchange> {
    return this.#send(
      { method: 'GET', url, body: null },
      {
        api: null,
        limits: { firstByteMs: waitMs, idleMs: waitMs, totalMs: waitMs * 2, bodyBytes: LOOK_BYTES },
      },
    );
  }

  /** The body as it goes out: the user's fields, the model, and what this server made us change. */
  bodyFor(api: Api, mode: Mode, body: JsonObject): JsonObject {
    const model = this.model === null || namesModel(api.endpoint) ? {} : { model: this.model };
    const made = this.#substitutions.applied(api, { ...model, ...body, ...this.options.body });
    return mode === 'nonstream' && this.#whole.has(api.id) ? (api.wantsWhole?.(made) ?? made) : made;
  }

  /** The server streams where nothing is said: from now on requests to this API for a whole answer say so. */
  wantsWhole(api: Api): void {
    if (api.wantsWhole === undefined) return;
    this.#whole.add(api.id);
    this.note(
      `${api.title}: streamed though stream was not asked for; later requests ask for a whole answer`,
    );
  }

  /**
   * Sends one case's request: parameters the server refuses are substituted (up to three), rate limits waited for, silences
   * counted. Never rejects.
   * @param caseKey blamed where the server dies of it
   */
  async ask(
    api: Api,
    mode: Mode,
    body: JsonObject,
    caseKey: string,
    how: Partial<SendOptions> = {},
  ): Promise<Exchange> {
    let exchange = await this.#paced(api, mode, this.bodyFor(api, mode, body), how);
    for (let tries = 0; tries < 3 && this.halt === null; tries += 1) {
      if (this.#asksForMore(api, mode, exchange)) break;
      const note = this.#substitutions.learn(api, exchange);
      if (note === null) break;
      this.note(note);
      exchange = await this.#paced(api, mode, this.bodyFor(api, mode, body), how);
    }
    this.#learn(exchange);
    await this.liveness.watch(exchange, caseKey);
    await this.liveness.countSilence(exchange, caseKey);
    return exchange;
  }

  /**
   * Sends without watching for death.
   * @param again on a fresh connection, and waiting as long as for a whole request: mlx-lm reads a prompt of thousands of
   *   tokens to its end, though the client has left, before it serves the next one
   */
  follow(api: Api, mode: Mode, body: JsonObject, again = false): Promise<Exchange> {
    const { timeoutMs } = this.options;
    const patient = { fresh: true, limits: { firstByteMs: timeoutMs, idleMs: timeoutMs } };
    return this.#paced(api, mode, this.bodyFor(api, mode, body), again ? patient : {});
  }

  /** A request that is malformed on purpose; its answer is not judged. */
  async sendMalformed(api: Api, text: string): Promise<void> {
    await this.#send(
      { method: 'POST', url: this.#url(api, 'stream'), body: text },
      { api, streamAsked: true, limits: { firstByteMs: this.pace.patience() } },
    );
  }

  /** Asks an API's count endpoint for the prompt of a request. Like a look it halts nothing. */
  async count(api: Api, mode: Mode, body: JsonObject): Promise<Exchange | null> {
    const { countEndpoint } = api;
    if (countEndpoint === undefined) return null;
    const url = apiUrl(this.server, this.root, countEndpoint, mode, this.model);
    const sent = countEndpoint.body(this.bodyFor(api, mode, body));
    const limits = { firstByteMs: this.pace.patience() };
    return await this.#send(
      { method: 'POST', url, body: sent },
      { api: null, headers: this.#headersOf(api), limits },
    );
  }

  /** Sends an API's request to a path that nobody serves, beside the API's own. */
  askElsewhere(api: Api, { body }: Exchange['request']): Promise<Exchange> {
    const url = apiUrl(this.server, this.root, nowhereBeside(api.endpoint), 'nonstream', this.model);
    return this.#send(
      { method: 'POST', url, body },
      { api, limits: { firstByteMs: ELSEWHERE_MS, idleMs: ELSEWHERE_MS } },
    );
  }

  /** Sends it once, on a fresh connection. */
  sendFresh({ api, mode, body }: Plain): Promise<Exchange> {
    return this.#raw(
      { method: 'POST', url: this.#url(api, mode), body: this.bodyFor(api, mode, body) },
      { api, fresh: true, limits: this.pace.limits(api, mode, body) },
    );
  }

  /** It is refused for its limit alone, which is no reason to send that by another name. */
  #asksForMore(api: Api, mode: Mode, exchange: Exchange): boolean {
    if (this.options.resends === false) return false;
    return leastNamed(exchange, api, outcomeOf(exchange, api, mode, this.model)) !== null;
  }

  stop(halt: Halt): void {
    this.halt ??= halt;
  }

  /** Why nothing more is sent; null while something may be. */
  stopped(): Halt | null {
    return this.halt ?? brokenOff(this.options.signal);
  }

  #url(api: Api, mode: Mode): string {
    return apiUrl(this.server, this.root, api.endpoint, mode, this.model);
  }

  async #paced(api: Api, mode: Mode, body: JsonObject, how: Partial<SendOptions>): Promise<Exchange> {
    const limits = this.pace.limits(api, mode, body);
    const request = { method: 'POST' as const, url: this.#url(api, mode), body };
    for (let tries = 0; ; tries += 1) {
      const exchange = await this.#raw(request, { api, limits, ...how });
      const { reply } = exchange;
      if (reply.kind !== 'response' || reply.body.ending.kind === 'stopped') return exchange;
      this.pace.ended(api, mode, body, reply.totalMs);
      const wait = this.pace.pauseAfter({ ...reply, status: statusOf(exchange) }, tries);
      if (wait === null) return exchange;
      await this.pause(wait);
    }
  }

  async #raw(request: Parameters<Wire['send']>[0], how: SendOptions): Promise<Exchange> {
    const exchange = await this.#send(request, how);
    if (statusOf(exchange) === 401) {
      if (how.api !== null && this.#ownKey(how.api) !== null) {
        this.#asBearer.add(how.api.id);
        return this.#raw(request, how);
      }
      // A key that one API takes may not be good for another: that one is left out, as after a 403.
      if (how.api?.discovered && this.#served.size > 0 && !this.#served.has(how.api.id)) return exchange;
      this.stop({
        kind: 'unauthorized',
        message: `${this.sendsKey ? 'the key was refused' : 'a key is wanted'} (401 unauthorized: ${refusalReason(exchange) ?? 'no reason given'})`,
      });
    }
    if (how.api !== null && this.onlyPages) {
      this.onlyPages = isPage(exchange);
      const message = pageInstead(redactUrl(this.target.url));
      if (this.onlyPages) {
        this.stop({ kind: 'unreached', message });
        return { request, reply: { kind: 'unsent', message }, curl: '' };
      }
    }
    return exchange;
  }

  async #send(request: Parameters<Wire['send']>[0], how: SendOptions): Promise<Exchange> {
    const stopped = this.stopped();
    if (stopped !== null) return { request, reply: { kind: 'unsent', message: stopped.message }, curl: '' };
    const startedAt = performance.now();
    const headers = how.api === null ? {} : this.#headersOf(how.api);
    const exchange = await this.wire.send(request, { signal: this.options.signal, headers, ...how });
    this.requests += 1;
    this.serverMs += performance.now() - startedAt;
    this.liveness.answered(exchange);
    const { reply } = exchange;
    if (how.api !== null && reply.kind === 'response' && reply.status < 300) this.#served.add(how.api.id);
    if (reply.kind === 'response') {
      Object.assign(this.headers, reply.headers);
      if (reply.body.kind === 'stream') this.pace.began(reply.body.stream.firstByteMs);
    }
    return exchange;
  }

  /** The header in which an API wants the key, where it has one of its own and was not refused with it. */
  #ownKey({ id, endpoint: { keyHeader } }: Api): string | null {
    return this.#key === null || this.#asBearer.has(id) ? null : (keyHeader ?? null);
  }

  #headersOf(api: Api): Readonly<Record<string, string | null>> {
    const own = this.#ownKey(api);
    return { ...api.endpoint.headers, ...(own === null ? {} : { [own]: this.#key, authorization: null }) };
  }

  #learn(exchange: Exchange): void {
    if (exchange.reply.kind !== 'response') return;
    const { body } = exchange.reply;
    if (body.kind === 'json') this.fingerprint = body.answer.fingerprint ?? this.fingerprint;
    const status = statusOf(exchange);
    if (status < 400 || status >= 500 || this.context !== null) return;
    const refusal = body.kind === 'json' || body.kind === 'text' ? body.text : refusalReason(exchange);
    if (refusal !== null) this.context = contextOfRefusal(refusal);
  }

  /** Waits, unless the run is broken off or the answers are recorded ones. */
  async pause(ms: number): Promise<void> {
    const { signal } = this.options;
    if (this.#transport.live) await sleep(ms, undefined, { signal }).catch(() => undefined);
  }
}

function bearerKey(headers: Readonly<Record<string, string>>): string | null {
  const [, value = ''] =
    Object.entries(headers).find(([name]) => name.toLowerCase() === 'authorization') ?? [];
  return /^Bearer\s+(\S+)$/i.exec(value)?.[1] ?? null;
}
