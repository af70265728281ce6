import type { Api, ApiId } from '../model/api.ts';
import { chat } from './chat.ts';
import { completions } from './completions.ts';
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

/** The API whose endpoint a path names, wherever it hangs; null for any other path. */
export function apiAt(path: string): Api | null {
  const plain = path.split('?', 1)[0]?.replace(/\/$/, '') ?? '';
  const there = [...apis.values()].filter(({ endpoint }) => plain.endsWith(endpoint.path));
  // "/chat/completions" ends like "/completions", too.
  return there.sort((a, b) => b.endpoint.path.length - a.endpoint.path.length)[0] ?? null;
}

/** Ends of URLs that name an endpoint, the longest first: what stands in front of one is a server's base URL. */
export const endpointPaths: readonly string[] = [
  ...[...apis.values()].map(({ endpoint }) => endpoint.path),
  ...['/embeddings', '/models'],
].sort((a, b) => b.length - a.length);
