/** The ids of the tokens it generated, as the server itself returned them. */
import type { ChoiceFacts } from '../model/exchange.ts';
import type { JsonObject } from '../model/json.ts';
import type { Reference } from '../model/reference.ts';
import { plainName } from './product-name.ts';

/**
 * Exact where every choice carries its ids; null where one does not. Of tool calls and reasoning a server may return
 * fewer than it generated: what a parser holds back has no chunk to carry its ids.
 */
export function returnedIds(choices: readonly ChoiceFacts[]): Reference | null {
  const whole = (choice: ChoiceFacts) =>
    choice.tokenIds !== null &&
    choice.tokenIds > 0 &&
    choice.toolCalls === '' &&
    choice.reasoningLength === 0;
  if (choices.length === 0 || !choices.every(whole)) return null;
  return {
    source: 'ids',
    name: 'token ids',
    authority: 'exact',
    count: choices.reduce((sum, { tokenIds }) => sum + (tokenIds ?? 0), 0),
  };
}

/**
 * The field by which a product is asked for ids, by product. llama.cpp's `return_tokens` is for its own completion API:
 * its OpenAI endpoints take it and return none (seen in build 11549).
 */
const ASKED_BY: ReadonlyMap<string, JsonObject> = new Map([['vllm', { return_token_ids: true }]]);

/** What to add to a request; null where the product is not known to return ids. */
export function idsAskedBy(product: string | null): JsonObject | null {
  return product === null ? null : (ASKED_BY.get(plainName(product)) ?? null);
}
