/** Whether a server has an API that few servers have: its answer to the first request tells. Pure. */
import { apis } from '../apis/index.ts';
import type { Api } from '../model/api.ts';
import type { Exchange } from '../model/exchange.ts';
import { type Outcome, outcomeOf } from '../model/outcome.ts';

/**
 * Portkey answers 500 "messages is not supported by openai", LiteLLM 1.66.1 "Anthropic messages provider config not found for
 * model: …".
 */
const NOT_SUPPORTED = /\bnot (?:supported|implemented)\b|\bunsupported\b|\bprovider config not found\b/i;

/** A refusal by which an API is known not to be there. */
export const NO_SUCH_API: readonly number[] = [404, 405, 501];

/** Why the server has no such API; `doubtful`: the answer may be what it gives to any path. */
export type Absence =
  | { readonly kind: 'absent'; readonly reason: string }
  | { readonly kind: 'there' }
  | { readonly kind: 'doubtful' };

/**
 * @param exchange the API's first request, without streaming
 * @param model the model's name as sent: a 404 that names it is about the model
 */
export function absenceOf(exchange: Exchange, api: Api, model: string | null): Absence {
  const outcome = outcomeOf(exchange, api, 'nonstream', model);
  switch (outcome.kind) {
    case 'refused':
      return NO_SUCH_API.includes(outcome.status)
        ? { kind: 'absent', reason: `HTTP ${outcome.status}` }
        : { kind: 'there' };
    case 'failed': {
      const reason = reasonOf(outcome, exchange, api);
      return reason === null ? { kind: 'doubtful' } : { kind: 'absent', reason };
    }
    case 'unjudged':
      return { kind: 'doubtful' };
    default:
      return { kind: 'there' };
  }
}

function reasonOf(
  { status, detail }: Extract<Outcome, { kind: 'failed' }>,
  { reply }: Exchange,
  api: Api,
): string | null {
  if (status === null) return null;
  if (status >= 500) return NOT_SUPPORTED.test(detail) ? detail : null;
  if (reply.kind !== 'response' || reply.body.kind !== 'json') return null;
  const { value } = reply.body;
  const other = [...apis.values()].find(
    (one) => one !== api && Array.isArray(one.readWhole(value, null).choices),
  );
  return other === undefined ? null : `the answer is one of ${other.title}`;
}

/** True where a path that nobody serves was answered in the same way: then the API's path is not served either. */
export function answersAlike(first: Exchange, elsewhere: Exchange, api: Api, model: string | null): boolean {
  const [one, other] = [first, elsewhere].map((exchange) => outcomeOf(exchange, api, 'nonstream', model));
  if (one?.kind !== other?.kind || howAnswered(first) !== howAnswered(elsewhere)) return false;
  return one?.kind !== 'failed' || other?.kind !== 'failed' || one.class === other.class;
}

const howAnswered = ({ reply }: Exchange) => (reply.kind === 'response' ? reply.status : reply.kind);
