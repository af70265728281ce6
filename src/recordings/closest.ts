/** Which recorded answer fits a request that was not recorded: a client's own prompt, another model's name. Pure. */
import { isJsonObject, type JsonObject } from '../model/json.ts';
import type { RecordedExchange } from './recording.ts';
import type { Asked } from './request-key.ts';

/** The endpoint, wherever the API hangs and whatever the query. */
export function endpointOf(path: string): string {
  const plain = path.split('?', 1)[0] ?? '';
  return /\/(?:chat\/completions|completions|models)\/?$/.exec(plain)?.[0].replace(/\/$/, '') ?? plain;
}

/** What of a request decides what its answer looks like, the weightiest first. */
const TRAITS: ReadonlyArray<(body: JsonObject) => unknown> = [
  (body) => includesUsage(body),
  (body) => Array.isArray(body['tools']),
  (body) => isJsonObject(body['tool_choice']),
  (body) => body['tool_choice'] === 'none',
  (body) => body['n'] ?? 1,
  (body) => isJsonObject(body['response_format']),
  (body) => Array.isArray(body['prompt']),
  (body) => body['stop'] !== undefined,
  (body) => body['logprobs'] !== undefined,
  (body) => JSON.stringify(body['stream_options'] ?? null),
];

const includesUsage = ({ stream_options: options }: JsonObject) =>
  isJsonObject(options) && options['include_usage'] === true;
const isStream = (body: JsonObject) => body['stream'] === true;
const limitOf = (body: JsonObject) => Number(body['max_tokens'] ?? body['max_completion_tokens'] ?? Infinity);

function likeness(asked: JsonObject, recorded: JsonObject): number {
  return TRAITS.reduce(
    (sum, trait, at) => (trait(asked) === trait(recorded) ? sum + 2 ** (TRAITS.length - at) : sum),
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
  const ranked = good
    .flatMap((exchange) =>
      isJsonObject(exchange.body) && isStream(exchange.body) === isStream(body)
        ? [{ exchange, likeness: likeness(body, exchange.body), far: far(body, exchange.body) }]
        : [],
    )
    .sort((a, b) => b.likeness - a.likeness || a.far - b.far);
  return ranked[0]?.exchange;
}

function far(asked: JsonObject, recorded: JsonObject): number {
  const [a, b] = [Math.min(limitOf(asked), 1e9), Math.min(limitOf(recorded), 1e9)];
  return Number.isFinite(a - b) ? Math.abs(a - b) : 0;
}
