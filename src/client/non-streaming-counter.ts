import { openAiApiOf } from '../apis/openai-apis.ts';
import { isCount } from '../model/answer.ts';
import { isJsonObject, type JsonObject, parseJson } from '../model/json.ts';
import { type Count, type Counter, type CountRequest, countFrom } from './report.ts';

/** Where a counter sends its request, where `withUsage` does not say it. */
export interface NonStreamingTarget {
  /** The endpoint that was asked, with its path. */
  readonly url: string;
  readonly headers?: ConstructorParameters<typeof Headers>[0];
  /** The global one where left out. */
  readonly fetch?: typeof globalThis.fetch;
}

const PATIENCE_MS = 60_000;

/**
 * Counts the prompt by the server itself: the same request, not streamed, with an answer of one token, sent once the stream is
 * over. The completion is counted by its chunks, which on most servers are tokens; that is not certain (a character of
 * several bytes, a stop string), so that the count is an estimate. It is a counter as it is, for `withUsage`; called with a
 * target it gives one for `watchUsage`.
 */
export function nonStreamingCounter(asked: CountRequest): Promise<Count | null>;
export function nonStreamingCounter(target: NonStreamingTarget): Counter;
export function nonStreamingCounter(
  given: CountRequest | NonStreamingTarget,
): Promise<Count | null> | Counter {
  if (!('url' in given)) return counted(given, given.send);
  return (asked) => counted(asked, (body) => sentTo(given, body));
}

async function counted(asked: CountRequest, send: CountRequest['send']): Promise<Count | null> {
  const { request, chunks } = asked;
  const api = openAiApiOf(request);
  const body = api?.promptAlone?.(request);
  // Somebody else's question may lack the chunks.
  if (send === undefined || api === null || body === undefined || chunks === undefined) return null;
  const answer = await send(body);
  if (!isJsonObject(answer)) return null;
  const { usage } = api.readWhole(answer, request);
  const prompt = usage.kind === 'value' ? api.readUsage(usage.value).prompt : null;
  return isCount(prompt) ? countFrom(prompt, chunks) : null;
}

async function sentTo(
  { url, headers, fetch = globalThis.fetch }: NonStreamingTarget,
  body: JsonObject,
): Promise<unknown> {
  const all = new Headers(headers);
  if (!all.has('content-type')) all.set('content-type', 'application/json');
  const signal = AbortSignal.timeout(PATIENCE_MS);
  const response = await fetch(url, { method: 'POST', headers: all, body: JSON.stringify(body), signal });
  return response.ok ? parseJson(await response.text()) : null;
}
