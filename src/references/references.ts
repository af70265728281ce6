/** Looks up the gathered references: by the request, and by the answer. */
import { apiOf } from '../apis/index.ts';
import type { ApiId } from '../model/api.ts';
import type { ChoiceFacts } from '../model/exchange.ts';
import type { JsonObject } from '../model/json.ts';
import type { Reference, References } from '../model/reference.ts';
import { promptKey, requestKey } from './counted-request.ts';
import { forcedPrompt } from './forced.ts';
import { returnedIds } from './token-ids.ts';

/** Equal for answers to the same request that delivered the same and ended alike, streamed or not. */
export function answerKey(api: ApiId, body: JsonObject, choices: readonly ChoiceFacts[]): string {
  const delivered = choices.map(
    ({ index, digest, finishes }) => `${index}:${digest}:${JSON.stringify(finishes)}`,
  );
  return `${requestKey(api, body)} ${delivered.sort().join('|')}`;
}

/** All references for the prompt of a request. */
export function promptReferences(references: References, api: ApiId, body: JsonObject): readonly Reference[] {
  const { prompt } = apiOf(api).readRequest(body);
  const forced = prompt !== null && references.sources.has('forced') ? forcedPrompt(prompt) : null;
  const gathered = references.prompts.get(promptKey(api, body)) ?? [];
  return forced === null ? gathered : [forced, ...gathered];
}

/** All references for the completion of an answer, except its text tokenized again. */
export function completionReferences(
  references: References,
  api: ApiId,
  body: JsonObject,
  choices: readonly ChoiceFacts[],
): readonly Reference[] {
  const ids = references.sources.has('ids') ? returnedIds(choices) : null;
  const gathered = references.completions.get(answerKey(api, body, choices)) ?? [];
  return ids === null ? gathered : [ids, ...gathered];
}
