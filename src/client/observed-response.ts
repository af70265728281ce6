import type { Observer } from './observer.ts';
import { observedStream } from './streams.ts';

/** What a made response does not take over. */
const FROM_THE_NETWORK = ['url', 'redirected', 'type'] as const;

/** A response with the same everything, but for its body, which is observed. An error has no answer to be watched. */
export function observedResponse(response: Response, observer: Observer): Response {
  const { body, status, statusText, headers, ok } = response;
  if (body === null || typeof body.getReader !== 'function' || !ok) {
    observer.fail(ok ? 'cut' : 'error');
    return response;
  }
  const observed = new Response(observedStream(body, observer), { status, statusText, headers });
  for (const name of FROM_THE_NETWORK)
    Object.defineProperty(observed, name, { value: response[name], configurable: true });
  return observed;
}
