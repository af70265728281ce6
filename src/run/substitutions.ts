/** A refusal that names a parameter: what is sent instead, from then on. */
import type { ApiId } from '../model/api.ts';
import type { Exchange } from '../model/exchange.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';
import { refusalReason } from '../model/outcome.ts';

interface Substitution {
  readonly name: string;
  readonly note: string;
  apply(body: JsonObject): JsonObject;
}

function without(body: JsonObject, ...names: readonly string[]): JsonObject {
  return Object.fromEntries(Object.entries(body).filter(([name]) => !names.includes(name)));
}

const SUBSTITUTES: readonly Substitution[] = [
  {
    name: 'max_tokens',
    note: 'refused; max_completion_tokens is sent instead',
    apply: (body) =>
      body['max_tokens'] === undefined
        ? body
        : { ...without(body, 'max_tokens'), max_completion_tokens: body['max_tokens'] },
  },
  {
    name: 'temperature',
    note: 'refused; requests go without it',
    apply: (body) => without(body, 'temperature'),
  },
  { name: 'seed', note: 'refused; requests go without it', apply: (body) => without(body, 'seed') },
  {
    name: 'tool_choice',
    note: '"none" refused; "auto" is sent instead',
    apply: (body) => (body['tool_choice'] === 'none' ? { ...body, tool_choice: 'auto' } : body),
  },
];

const ABOUT_SIZE = /context|too (?:long|large|many)|exceed|maximum|at least|at most|less than|greater than/i;
const NOT_WANTED = /\binstead\b|unsupported|not\s+supported|unrecogni[sz]ed|deprecated/i;

/**
 * Whether the refusal is about the parameter itself. "'max_tokens' or 'max_completion_tokens' is too large" is about the
 * window; and legacy completions know no other limit, so that the substitute would be no limit at all.
 */
function isUnwanted(name: string, reason: string, body: JsonObject): boolean {
  if (name !== 'max_tokens') return true;
  return 'messages' in body && (NOT_WANTED.test(reason) || !ABOUT_SIZE.test(reason));
}

/** What a server's refusals changed in the requests so far. By API: what one refuses, another may need. */
export class Substitutions {
  readonly #byApi = new Map<ApiId, Map<string, Substitution>>();

  /** The body as it is sent to this API now. */
  applied(api: ApiId, body: JsonObject): JsonObject {
    return [...(this.#byApi.get(api)?.values() ?? [])].reduce((made, change) => change.apply(made), body);
  }

  /** @returns a note on what is sent from now on instead; null where the answer asks for nothing that is known */
  learn(api: ApiId, exchange: Exchange): string | null {
    const change = substitution(exchange);
    if (change === null) return null;
    const known = this.#byApi.get(api) ?? new Map<string, Substitution>();
    this.#byApi.set(api, known.set(change.name, change));
    return `${change.name}: ${change.note}`;
  }
}

/** The change that a 4xx asks for by naming a parameter of the request; null where it asks for none that is known. */
function substitution(exchange: Exchange): Substitution | null {
  const { reply, request } = exchange;
  const body = isJsonObject(request.body) ? request.body : {};
  if (reply.kind !== 'response' || reply.status < 400 || reply.status >= 500) return null;
  if ([401, 403, 404, 405, 429].includes(reply.status)) return null;
  const reason = refusalReason(exchange);
  if (reason === null) return null;
  const error =
    reply.body.kind === 'json' && isJsonObject(reply.body.value) ? reply.body.value['error'] : undefined;
  const param = isJsonObject(error) ? error['param'] : undefined;
  for (const substitute of SUBSTITUTES) {
    const { name } = substitute;
    if (!(name in body) || substitute.apply(body) === body) continue;
    const named = param === name || new RegExp(`\\b${name}\\b`).test(reason);
    if (named && isUnwanted(name, reason, body)) return substitute;
  }
  return null;
}
