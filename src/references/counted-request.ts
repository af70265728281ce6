/** A request as a tokenizer sees it: what its prompt is made of, and a key under which equal ones are found again. */
import { apiOf } from '../apis/index.ts';
import type { ApiId, CountedPrompt } from '../model/api.ts';
import type { JsonObject } from '../model/json.ts';

function keyWithout(api: ApiId, body: JsonObject, names: readonly string[]): string {
  const fields = Object.entries(body).filter(([name]) => !names.includes(name));
  return JSON.stringify([api, fields.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Equal for requests that have the same prompt. */
export function promptKey(api: ApiId, body: JsonObject): string {
  const { sending, generating } = apiOf(api).fields;
  return keyWithout(api, body, [...sending, ...generating]);
}

/** Equal for requests that differ in streaming alone. */
export function requestKey(api: ApiId, body: JsonObject): string {
  return keyWithout(api, body, apiOf(api).fields.sending);
}

/** The visible text of a prompt; contents of messages are joined by nothing where no other joint is given. */
export function textOf(prompt: CountedPrompt, joint = ''): string {
  if (prompt.kind === 'ids') return '';
  if (prompt.kind === 'text') return prompt.text;
  return prompt.messages.map(({ content }) => (typeof content === 'string' ? content : '')).join(joint);
}
