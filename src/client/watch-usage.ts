import { openAiApiAt } from '../apis/openai-apis.ts';
import { isJsonObject, parseJson } from '../model/json.ts';
import { observedResponse } from './observed-response.ts';
import { Observer } from './observer.ts';
import type { UsageOptions, UsageReport } from './report.ts';
import { observedIterable, observedStream } from './streams.ts';

export interface WatchUsageOptions extends UsageOptions {
  /** The request's body, parsed or as text: by it is known whether usage was asked for, and what the counters count. */
  readonly request?: object | string;
}

/** What can be watched: an answer as it comes, or its chunks as an SDK parsed them. */
export type UsageSource = Response | ReadableStream | AsyncIterable<unknown>;

export interface WatchedUsage<S> {
  /** To be read in place of the source: of the same kind, with the same items, at the same pace. */
  readonly stream: S;
  /** Resolves once the stream was read to its end, was left, or broke. Never rejects. */
  readonly report: Promise<UsageReport>;
}

/**
 * Watches one answer of a chat or a completion while it is read.
 * @throws TypeError where the source is none, or somebody reads it already
 */
export function watchUsage<S extends UsageSource>(
  source: S,
  options: WatchUsageOptions = {},
): WatchedUsage<S> {
  const given = typeof options.request === 'string' ? parseJson(options.request) : options.request;
  const request = isJsonObject(given) ? given : null;
  const api = 'url' in source ? openAiApiAt(pathOf(source.url)) : null;
  const observer = new Observer({ api, request, options });
  // Of the same kind, which the compiler does not see.
  return { stream: observed(source, observer) as S, report: observer.report };
}

function observed(source: UsageSource, observer: Observer): UsageSource {
  if (isResponse(source)) return observedResponse(source, observer);
  if ('getReader' in source) return observedStream(source, observer);
  if (Symbol.asyncIterator in source) return observedIterable(source, observer);
  throw new TypeError('watchUsage takes a Response, a ReadableStream or an async iterable');
}

const isResponse = (source: UsageSource): source is Response =>
  'headers' in source && 'status' in source && 'body' in source;

/** The path of a URL, whatever it hangs on; '' where it is none. */
export function pathOf(url: string): string {
  try {
    return new URL(url, 'http://localhost').pathname;
  } catch {
    return '';
  }
}
