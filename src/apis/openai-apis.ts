/** OpenAI's chat and completions by themselves, for what is loaded where answers are used: it needs no other API. */
import type { Api } from '../model/api.ts';
import { endpointIn } from '../model/endpoint-path.ts';
import type { JsonObject } from '../model/json.ts';
import { chat } from './chat.ts';
import { completions } from './completions.ts';

/** "/chat/completions" ends like "/completions", too: it comes first. */
const openAiApis: readonly Api[] = [chat, completions];

/** By the end of a path, without its query; null for any other path. */
export function openAiApiAt(path: string): Api | null {
  const plain = path.replace(/\/$/, '');
  return openAiApis.find(({ endpoint }) => endpointIn(plain, endpoint) !== null) ?? null;
}

/** By what a request says; null where that does not tell. */
export function openAiApiOf(request: JsonObject): Api | null {
  if (request.messages !== undefined) return chat;
  return request.prompt === undefined ? null : completions;
}

/** By the text of an answer, or its beginning: chat where it does not tell. */
export const openAiApiIn = (answer: string): Api =>
  answer.includes('"text_completion"') ? completions : chat;
