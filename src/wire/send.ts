import type { Api } from '../model/api.ts';
import { endpointIn } from '../model/endpoint-path.ts';
import type { Exchange, Reply, SentRequest } from '../model/exchange.ts';
import { isJsonObject } from '../model/json.ts';
import { type AttemptOptions, attempt } from './attempt.ts';
import type { Redact } from './bounded.ts';
import { curlCommand } from './curl.ts';
import { Lanes } from './lanes.ts';
import { DEFAULT_LIMITS, type WireLimits } from './limits.ts';
import { redactor, redactUrl, secretsOfHeaders, secretsOfUrl } from './redact.ts';
import type { Tap } from './response.ts';
import { shownUrl } from './url.ts';

export interface WireOptions {
  /** Sent with every request (authorization, headers of the user's). */
  readonly baseHeaders?: Readonly<Record<string, string>>;
  /** PEM of certificates that are trusted besides Node's own roots. */
  readonly caPem?: string;
  /** ms for one request as a whole, default 120,000. */
  readonly timeoutMs?: number;
  /** The environment variable that holds the key, for the line that repeats a request; default KEY. */
  readonly keyVariable?: string;
  /** Further texts that must never show up in an exchange; those in headers and URLs are known. */
  readonly secrets?: readonly string[];
}

export interface SendOptions {
  /** How the body is read; null for a plain look at an endpoint. */
  readonly api: Api | null;
  /** Bounds that differ from the wire's. */
  readonly limits?: Partial<WireLimits>;
  /** null: the one that goes with every request is left out. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Aborted: the reply is `unsent`, with the reason. */
  readonly signal?: AbortSignal;
  /** Over a connection of its own, closed afterwards. */
  readonly fresh?: boolean;
  /** Close the connection after the first text, reasoning or tool call; the ending is `left`. */
  readonly leaveAfterFirstDelta?: boolean;
  /** The request asks for a stream; default: its body says so. */
  readonly streamAsked?: boolean;
  readonly tap?: Tap;
}

export interface Wire {
  /** Sends a request and reads what comes back, whatever that is. Never rejects. */
  send(request: SentRequest, options: SendOptions): Promise<Exchange>;
  /** Closes all connections; what is under way ends as if the server had closed it. */
  close(): Promise<void>;
}

/** Where requests go: to servers, or to a recording of them. */
export interface Transport {
  open(options: WireOptions): Wire;
  /** False where all answers are there already, and nothing is gained by waiting between requests. */
  readonly live: boolean;
}

/** As curl's, so that the curl line repeats the request; nothing asks for compression, what comes compressed is read. */
const OWN_HEADERS = { accept: '*/*', 'accept-encoding': 'identity', 'user-agent': 'lastchunk' };

/**
 * Connections to servers. Requests may run side by side, each over a connection of its own, which is kept alive for the
 * next. Redirects are not followed: credentials must not go to another origin.
 */
export function openWire(options: WireOptions = {}): Wire {
  const lanes = new Lanes(options.caPem);
  const baseLimits = { ...DEFAULT_LIMITS, totalMs: options.timeoutMs ?? DEFAULT_LIMITS.totalMs };

  async function attempts(request: SentRequest, details: AttemptOptions, fresh: boolean): Promise<Reply> {
    if (!URL.canParse(request.url))
      return { kind: 'unsent', message: `${JSON.stringify(shownUrl(request.url))} is no URL` };
    const { origin } = new URL(request.url);
    const lane = lanes.take(origin, fresh);
    const first = await attempt(lane, request, details);
    if (first.clean && !fresh) lanes.release(origin, lane);
    else void lanes.discard(lane);
    if (!first.keepAliveRace) return first.reply;
    const own = lanes.take(origin, true);
    const second = await attempt(own, request, details);
    void lanes.discard(own);
    // Dropped, and then nobody there: that it was dropped says more.
    return second.reply.kind === 'unreachable' ? first.reply : second.reply;
  }

  return {
    async send(request, sending) {
      const headers = mergedHeaders(request, options.baseHeaders, sending.headers);
      const redact = redactor([
        ...secretsOfHeaders(headers),
        ...secretsOfUrl(request.url),
        ...(options.secrets ?? []),
      ]);
      const details: AttemptOptions = {
        api: sending.api,
        request: request.body,
        limits: { ...baseLimits, ...sending.limits },
        headers,
        signal: sending.signal,
        leaveAfterFirstDelta: sending.leaveAfterFirstDelta ?? false,
        streamAsked: isStreamAsked(request, sending),
        redact,
        tap: sending.tap,
      };
      const reply = await attempts(request, details, sending.fresh ?? false).catch(unreachable);
      return exchangeOf(request, reply, headers, redact, options.keyVariable);
    },
    close: () => lanes.close(),
  };
}

export const network: Transport = { open: openWire, live: true };

export function isStreamAsked({ url, body }: SentRequest, { api, streamAsked }: SendOptions): boolean {
  if (streamAsked !== undefined || api === null) return streamAsked ?? false;
  const said = isJsonObject(body) ? api.readRequest(body).stream : false;
  return said ?? endpointIn(url.split('?', 1)[0] ?? '', api.endpoint)?.streams ?? false;
}

/** What is kept of a request and its reply: nothing that is secret. */
export function exchangeOf(
  request: SentRequest,
  reply: Reply,
  headers: Readonly<Record<string, string>>,
  redact: Redact,
  keyVariable?: string,
): Exchange {
  const curl = curlCommand(request, headers, redact, keyVariable);
  return { request: { ...request, url: redact(redactUrl(request.url)) }, reply, curl };
}

/** What remains to be thrown: a proxy's URL in the environment that is none. */
function unreachable(error: unknown): Reply {
  return { kind: 'unreachable', message: error instanceof Error ? error.message : String(error) };
}

/** Later ones win, whatever their letter case. */
export function mergedHeaders(
  request: SentRequest,
  ...more: ReadonlyArray<Readonly<Record<string, string | null>> | undefined>
): Readonly<Record<string, string>> {
  const merged: Record<string, string> = { ...OWN_HEADERS };
  if (request.body !== null) merged['content-type'] = 'application/json';
  for (const headers of more) {
    for (const [name, value] of Object.entries(headers ?? {})) {
      if (value === null) delete merged[name.toLowerCase()];
      else merged[name.toLowerCase()] = value;
    }
  }
  return merged;
}
