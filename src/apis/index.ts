import type { Api, ApiId } from '../model/api.ts';
import { chat } from './chat.ts';
import { completions } from './completions.ts';

/** The APIs this version can test, in the order of a run. */
export const apis: ReadonlyMap<ApiId, Api> = new Map([chat, completions].map((api) => [api.id, api]));

/** @throws where the id names no API this version can test. */
export function apiOf(id: ApiId): Api {
  const api = apis.get(id);
  if (api === undefined) throw new Error(`no such API: ${id}`);
  return api;
}
