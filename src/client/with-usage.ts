import { openAiApiAt } from '../apis/openai-apis.ts';
import type { Api } from '../model/api.ts';
import { isJsonObject, type JsonObject, parseJson } from '../model/json.ts';
import { observedResponse } from './observed-response.ts';
import { Observer } from './observer.ts';
import type { UsageOptions } from './report.ts';
import { type Call, callOf } from './request-body.ts';
import { pathOf } from './watch-usage.ts';

export interface WithUsageOptions extends UsageOptions {
  /** Asks for usage where the caller did not, and takes the chunk that is added for it out of the answer again. */
  readonly ask?: boolean;
}

type Fetch = typeof globalThis.fetch;

/**
 * A `fetch` that watches the answers to chats and completions, by the path that is posted to, and leaves everything else
 * alone. Reports go to `onReport`.
 */
export function withUsage<F extends Fetch>(fetch: F, options: WithUsageOptions = {}): F {
  const refused = new Set<string>();
  const watched: Fetch = async (input, init) => {
    const call = callOf(input, init);
    const api = call.method === 'POST' ? openAiApiAt(pathOf(call.url)) : null;
    return api === null ? fetch(input, init) : watchedCall(fetch, call, api, options, refused);
  };
  return watched as F;
}

/** @param refused where asking is known to be refused */
async function watchedCall(
  fetch: Fetch,
  call: Call,
  api: Api,
  options: WithUsageOptions,
  refused: Set<string>,
): Promise<Response> {
  const text = await call.text(options.ask === true);
  const parsed = text === null ? undefined : parseJson(text);
  const request = isJsonObject(parsed) ? parsed : null;
  const place = `${call.url} ${String(request?.model)}`;
  const asking = options.ask && request !== null && text !== null && !refused.has(place);
  const edited = asking ? (api.asking?.added(text, request) ?? null) : null;
  const send = (body: JsonObject) => sent(fetch, call, JSON.stringify(body));
  const observe = (asked: string | null) => {
    const known = asked === null ? request : parseJson(asked);
    return new Observer({
      api,
      request: isJsonObject(known) ? known : null,
      options,
      takesOut: asked !== null,
      send,
    });
  };
  if (edited !== null) {
    const response = await attempt(fetch, call, edited, observe);
    if (!(await refusesAsking(response, api))) return observedResponse(response, observe(edited));
    refused.add(place);
  }
  return observedResponse(await attempt(fetch, call, null, observe), observe(null));
}

/** @param body in place of the caller's own; null: that one */
async function attempt(
  fetch: Fetch,
  call: Call,
  body: string | null,
  observe: (asked: string | null) => Observer,
): Promise<Response> {
  try {
    return await fetch(...(body === null ? call.original() : call.edited(body)));
  } catch (error) {
    observe(null).fail(call.isAborted() ? 'left' : 'error');
    throw error;
  }
}

/** Servers that do not know the option say so, in a 4xx that names it. */
async function refusesAsking(response: Response, { asking }: Api): Promise<boolean> {
  const { status } = response;
  if (status < 400 || status > 499 || status === 429) return false;
  const said = await response
    .clone()
    .text()
    .catch(() => '');
  return asking?.names.some((name) => said.includes(name)) ?? false;
}

const PATIENCE_MS = 60_000;

/** The JSON that the server answers to another body at the same place; undefined where it answers none. */
async function sent(fetch: Fetch, call: Call, body: string): Promise<unknown> {
  const [input, init] = call.edited(body);
  const response = await fetch(input, { ...init, signal: AbortSignal.timeout(PATIENCE_MS) });
  return response.ok ? parseJson(await response.text()) : undefined;
}
