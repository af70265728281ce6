import type { Api, ApiId } from '../model/api.ts';
import { type EndpointInPath, endpointIn } from '../model/endpoint-path.ts';
import { chat } from './chat.ts';
import { completions } from './completions.ts';
import { gemini } from './gemini.ts';
import { llamacppCompletion } from './llamacpp-completion.ts';
import { messages } from './messages.ts';
import { ollamaChat } from './ollama-chat.ts';
import { ollamaGenerate } from './ollama-generate.ts';
import { responses } from './responses.ts';

const inOrder = (apis: readonly Api[]): ReadonlyMap<ApiId, Api> => new Map(apis.map((api) => [api.id, api]));

/** Groups in the order of a run. Scenario by scenario a group's APIs take turns, then the next group comes. */
const groups: ReadonlyArray<readonly Api[]> = [
  [chat, completions],
  [responses],
  [messages],
  [ollamaChat],
  [ollamaGenerate],
  [llamacppCompletion],
  [gemini],
];

/** All that can be spoken and tested, in the order of a run and of reports. */
export const apis = inOrder(groups.flat());

/** Ids in groups, as they are sent. */
export const apiGroups: ReadonlyArray<readonly ApiId[]> = groups.map((group) => group.map(({ id }) => id));

/** @throws where the id names no API this version can speak. */
export function apiOf(id: ApiId): Api {
  const api = apis.get(id);
  if (api === undefined) throw new Error(`no such API: ${id}`);
  return api;
}

/** The API whose endpoint a path names, wherever it hangs, and where in the path that begins; null for any other path. */
export function placeOf(path: string): (EndpointInPath & { readonly api: Api }) | null {
  const plain = path.split('?', 1)[0]?.replace(/\/$/, '') ?? '';
  const there = [...apis.values()].flatMap((api) => {
    const found = endpointIn(plain, api.endpoint);
    return found === null ? [] : [{ ...found, api }];
  });
  // "/chat/completions" ends like "/completions", too.
  return there.sort((a, b) => a.start - b.start)[0] ?? null;
}

export const apiAt = (path: string): Api | null => placeOf(path)?.api ?? null;

/** Where the endpoint begins that a path names, and the query that it brings; null where the path names none. */
export function endpointAt(path: string): { readonly start: number; readonly query: string } | null {
  const other = ['/embeddings', '/models'].find((name) => path.endsWith(name));
  return placeOf(path) ?? (other === undefined ? null : { start: path.length - other.length, query: '' });
}
