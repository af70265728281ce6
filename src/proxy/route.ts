/** Which requests are looked at. */
import { apiAt } from '../apis/index.ts';
import type { Api, ProxiedApi } from '../model/api.ts';

/** An API with what is known of it for a proxy. */
export interface ObservedApi extends Api {
  readonly proxied: ProxiedApi;
}

const isObserved = (api: Api | null): api is ObservedApi => api?.proxied !== undefined;

/** The API of an observed route; null for any other request. */
export function observedApi(method: string, url: string): ObservedApi | null {
  const api = method === 'POST' ? apiAt(pathOf(url)) : null;
  return isObserved(api) ? api : null;
}

export const pathOf = (url: string): string => url.split(/[?#]/, 1)[0] ?? '';
