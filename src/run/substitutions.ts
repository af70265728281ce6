/** A refusal that names a parameter: what is sent instead, from then on. */
import type { Api, ApiId, Substitute } from '../model/api.ts';
import type { Exchange } from '../model/exchange.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { errorInBand, refusalReason, statusOf } from '../model/outcome.ts';

/** What a server's refusals changed in the requests so far. By API: what one refuses, another may need. */
export class Substitutions {
  readonly #byApi = new Map<ApiId, Map<string, Substitute>>();

  /** The body as it is sent to this API now. */
  applied({ id }: Api, body: JsonObject): JsonObject {
    return [...(this.#byApi.get(id)?.values() ?? [])].reduce((made, change) => change.apply(made), body);
  }

  /** @returns a note on what is sent from now on instead; null where the answer asks for nothing that is known */
  learn(api: Api, exchange: Exchange): string | null {
    const change = substitution(api, exchange);
    if (change === null) return null;
    const known = this.#byApi.get(api.id) ?? new Map<string, Substitute>();
    this.#byApi.set(api.id, known.set(change.name, change));
    return `${change.name}: ${change.note}`;
  }
}

/** The change that a 4xx asks for by naming a parameter of the request; null where it asks for none that is known. */
function substitution({ substitutes }: Api, exchange: Exchange): Substitute | null {
  const { reply, request } = exchange;
  const body = isJsonObject(request.body) ? request.body : {};
  const status = statusOf(exchange);
  if (reply.kind !== 'response' || status < 400 || status >= 500) return null;
  if ([401, 403, 404, 405, 429].includes(status)) return null;
  const reason = refusalReason(exchange);
  if (reason === null) return null;
  const error =
    reply.body.kind === 'json' && isJsonObject(reply.body.value) ? reply.body.value.error : undefined;
  const param = errorInBand(exchange)?.param ?? (isJsonObject(error) ? error.param : undefined);
  for (const substitute of substitutes) {
    const { name } = substitute;
    if (!(name in body) || substitute.apply(body) === body) continue;
    const named = param === name || new RegExp(`\\b${name}\\b`).test(reason);
    if (named && (substitute.isMeant?.(reason) ?? true)) return substitute;
  }
  return null;
}
