/** Which recorded answer fits a request that was not recorded: a client's own prompt, another model's name. Pure. */
import { apiAt, placeOf } from '../apis/index.ts';
import type { Api } from '../model/api.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { RecordedExchange } from './recorded.ts';
import type { Asked } from './request-key.ts';

/** The endpoint, wherever the API hangs, whatever the query and the model. */
export function endpointOf(path: string): string {
  const plain = path.split('?', 1)[0] ?? '';
  return placeOf(path)?.template ?? (/\/models\/?$/.test(plain) ? '/models' : plain);
}

/** How many traits two requests share, each weighing more than all that follow. */
function likeness(asked: JsonObject, recorded: JsonObject, traits: Api['traits']): number {
  return traits.reduce(
    (sum, trait, at) => (trait(asked) === trait(recorded) ? sum + 2 ** (traits.length - at) : sum),
    0,
  );
}

/**
 * A whole, good answer of the same endpoint and mode to the most similar request; among equals the one with the nearest
 * limit, then the first.
 */
export function closestOf(
  exchanges: readonly RecordedExchange[],
  { method, path, body }: Asked,
): RecordedExchange | undefined {
  const endpoint = endpointOf(path);
  const there = exchanges.filter((one) => one.method === method && endpointOf(one.path) === endpoint);
  const good = there.filter(({ reply }) => reply.status === 200 && reply.end === 'clean');
  if (!isJsonObject(body)) return method === 'GET' ? good[0] : there.find((one) => !isJsonObject(one.body));
  const api = apiAt(path);
  // Where the path says it, only those of the same mode are there.
  const mode = (one: JsonObject) => api?.readRequest(one).stream ?? false;
  const limit = (one: JsonObject) => Math.min(api?.readRequest(one).limit?.tokens ?? Infinity, 1e9);
  const ranked = good
    .flatMap((exchange) => {
      const { body: recorded } = exchange;
      if (!isJsonObject(recorded) || mode(recorded) !== mode(body)) return [];
      const far = Math.abs(limit(body) - limit(recorded));
      return [{ exchange, likeness: likeness(body, recorded, api?.traits ?? []), far }];
    })
    .sort((a, b) => b.likeness - a.likeness || a.far - b.far);
  return ranked[0]?.exchange;
}
