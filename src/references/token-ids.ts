/** The ids of the tokens it generated, as the server itself returned them. */
import type { ChoiceFacts } from '../model/exchange.ts';
import type { Reference } from '../model/reference.ts';

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
