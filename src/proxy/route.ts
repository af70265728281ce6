/** Which requests are looked at. */
import { apiAt } from '../apis/index.ts';
import type { Api } from '../model/api.ts';

/** The API whose usage can be asked for in streams, where a request is one of it; null for any other request. */
export function observedApi(method: string, url: string): Api | null {
  if (method !== 'POST') return null;
  const api = apiAt(pathOf(url));
  return api?.usageOptions.includes('asked') === true ? api : null;
}

export const pathOf = (url: string): string => url.split(/[?#]/, 1)[0] ?? '';
