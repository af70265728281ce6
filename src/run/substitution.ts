/** A refusal that names a parameter: what is sent instead, from then on. */
import { refusalReason } from '../checks/outcome.ts';
import type { Exchange } from '../exchange.ts';
import { isJsonObject, type JsonObject } from '../json.ts';

export interface Substitution {
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

/** The change that a 4xx asks for by naming a parameter of the request; null where it asks for none that is known. */
export function substitution(exchange: Exchange, body: JsonObject): Substitution | null {
  const { reply } = exchange;
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
    if (
      named &&
      !(
        name === 'max_tokens' &&
        param !== name &&
        ABOUT_SIZE.test(reason) &&
        !/max_completion_tokens/.test(reason)
      )
    ) {
      return substitute;
    }
  }
  return null;
}
