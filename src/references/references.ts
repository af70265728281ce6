/** What was gathered to compare counts with: plain data, which judging reads. */
import type { Api } from '../model/api.ts';
import type { ChoiceFacts } from '../model/exchange.ts';
import type { JsonObject } from '../model/json.ts';
import type { Reference, SourceId } from '../model/reference.ts';
import { countedPrompt, promptKey, requestKey } from './counted-request.ts';
import { forcedPrompt } from './forced.ts';
import { returnedIds } from './token-ids.ts';

export interface References {
  /** The sources that may be used. */
  readonly sources: ReadonlySet<SourceId>;
  /** By {@link promptKey}. */
  readonly prompts: ReadonlyMap<string, readonly Reference[]>;
  /** By {@link answerKey}. */
  readonly completions: ReadonlyMap<string, readonly Reference[]>;
  /** By {@link answerKey}: the tokens of the text as it came, by whichever tokenizer is at hand. */
  readonly retokenised: ReadonlyMap<string, Reference>;
}

/** Equal for answers to the same request that delivered the same and ended alike, streamed or not. */
export function answerKey(api: Api['id'], body: JsonObject, choices: readonly ChoiceFacts[]): string {
  const delivered = choices.map(({ index, digest, finishes }) => `${index}:${digest}:${finishes.join()}`);
  return `${requestKey(api, body)} ${delivered.sort().join('|')}`;
}

/** All references for the prompt of a request. */
export function promptReferences(
  references: References,
  api: Api['id'],
  body: JsonObject,
): readonly Reference[] {
  const prompt = countedPrompt(api, body);
  const forced = prompt !== null && references.sources.has('forced') ? forcedPrompt(prompt) : null;
  const gathered = references.prompts.get(promptKey(api, body)) ?? [];
  return forced === null ? gathered : [forced, ...gathered];
}

/** All references for what an answer generated, what re-tokenising says left out. */
export function completionReferences(
  references: References,
  api: Api['id'],
  body: JsonObject,
  choices: readonly ChoiceFacts[],
): readonly Reference[] {
  const ids = references.sources.has('ids') ? returnedIds(choices) : null;
  const gathered = references.completions.get(answerKey(api, body, choices)) ?? [];
  return ids === null ? gathered : [ids, ...gathered];
}
