import type { Api, ApiId } from '../model/api.ts';
import { chat } from './chat.ts';
import { completions } from './completions.ts';
import { llamacppCompletion } from './llamacpp-completion.ts';
import { messages } from './messages.ts';
import { ollamaChat } from './ollama-chat.ts';
import { ollamaGenerate } from './ollama-generate.ts';
import { responses } from './responses.ts';

const inOrder = (apis: readonly Api[]): ReadonlyMap<ApiId, Api> => new Map(apis.map((api) => [api.id, api]));

/** The APIs that users can choose, in the order of a run. */
export const apis = inOrder([chat, completions]);

/** All that can be spoken; the further ones wait for checks of their own. */
export const knownApis = inOrder([
  ...apis.values(),
  responses,
  messages,
  ollamaChat,
  ollamaGenerate,
  llamacppCompletion,
]);

/** @throws where the id names no API this version can speak. */
export function apiOf(id: ApiId): Api {
  const api = knownApis.get(id);
  if (api === undefined) throw new Error(`no such API: ${id}`);
  return api;
}

/** The API whose endpoint a path names, wherever it hangs; null for any other path. */
export function apiAt(path: string): Api | null {
  const plain = path.split('?', 1)[0]?.replace(/\/$/, '') ?? '';
  const there = [...knownApis.values()].filter(({ endpoint }) => plain.endsWith(endpoint.path));
  // "/chat/completions" ends like "/completions", too.
  return there.sort((a, b) => b.endpoint.path.length - a.endpoint.path.length)[0] ?? null;
}

/** Ends of URLs that name an endpoint, the longest first: what stands in front of one is a server's base URL. */
export const endpointPaths: readonly string[] = [
  ...[...knownApis.values()].map(({ endpoint }) => endpoint.path),
  ...['/embeddings', '/models'],
].sort((a, b) => b.length - a.length);
