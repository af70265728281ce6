/** A request as a tokenizer sees it: what its prompt is made of, and a key under which equal ones are found again. */
import type { ApiId } from '../model/api.ts';
import { isJsonObject, type JsonObject } from '../model/json.ts';

/** Fields that change what is generated or how it is sent, and leave the prompt as it is. */
const NOT_THE_PROMPT = new Set([
  'stream',
  'stream_options',
  'max_tokens',
  'max_completion_tokens',
  'temperature',
  'seed',
  'stop',
  'n',
  'frequency_penalty',
  'presence_penalty',
  'logprobs',
  'top_logprobs',
]);

/** Equal for requests that have the same prompt. */
export function promptKey(api: ApiId, body: JsonObject): string {
  const fields = Object.entries(body).filter(([name]) => !NOT_THE_PROMPT.has(name));
  return JSON.stringify([api, fields.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** Equal for requests that differ in streaming alone. */
export function requestKey(api: ApiId, body: JsonObject): string {
  const fields = Object.entries(body).filter(([name]) => name !== 'stream' && name !== 'stream_options');
  return JSON.stringify([api, fields.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** The same request without streaming. */
export function unstreamed(body: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(body).filter(([name]) => name !== 'stream' && name !== 'stream_options'),
  );
}

/** What a prompt consists of, as far as it can be counted. */
export type CountedPrompt =
  | { readonly kind: 'chat'; readonly messages: readonly JsonObject[]; readonly body: JsonObject }
  | { readonly kind: 'text'; readonly text: string; readonly body: JsonObject }
  | { readonly kind: 'ids'; readonly count: number };

/** null where the prompt is of a kind that is not counted here (several prompts, an API without references). */
export function countedPrompt(api: ApiId, body: JsonObject): CountedPrompt | null {
  const { messages, prompt } = body;
  if (api === 'chat' || api === 'messages') {
    return Array.isArray(messages) && messages.every(isJsonObject) ? { kind: 'chat', messages, body } : null;
  }
  if (api !== 'completions') return null;
  if (typeof prompt === 'string') return { kind: 'text', text: prompt, body };
  const ids = Array.isArray(prompt) && prompt.length > 0 && prompt.every((id) => typeof id === 'number');
  return ids ? { kind: 'ids', count: prompt.length } : null;
}

const MAY_HIDE = [
  'tools',
  'functions',
  'response_format',
  'reasoning_effort',
  'chat_template_kwargs',
  'chat_template',
  'add_generation_prompt',
  'continue_final_message',
  'documents',
] as const;

/** The field by which a server may add to the prompt what nobody sees; null where there is none. */
export function hiddenPromptBy(body: JsonObject): string | null {
  return MAY_HIDE.find((name) => body[name] !== undefined && body[name] !== null) ?? null;
}

/** The visible text of a prompt, contents joined by nothing. */
export function textOf(prompt: CountedPrompt): string {
  if (prompt.kind === 'ids') return '';
  if (prompt.kind === 'text') return prompt.text;
  return prompt.messages.map(({ content }) => (typeof content === 'string' ? content : '')).join('');
}
