/** Paths of endpoints, written and read back: some hold the model's name, and some say whether a stream is asked for. Pure. */
import type { Endpoint, Mode } from './api.ts';

const MODEL = '{model}';

/** Half a surrogate pair cannot be part of a URL. */
const HALF_PAIRS = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** True where the path names the model, and the body does not. */
export const namesModel = ({ path }: Endpoint): boolean => path.includes(MODEL);

/** Where a request is sent: path, and query where the endpoint has one. */
export function pathOf(
  { path, streamPath = path }: Endpoint,
  mode: Mode,
  model: string | null,
): { readonly path: string; readonly query: string } {
  // Gateways have models like "openai/gpt".
  const name = (model ?? '').replace(HALF_PAIRS, '\ufffd').split('/').map(encodeURIComponent).join('/');
  const [plain = '', query = ''] = (mode === 'stream' ? streamPath : path).split('?');
  return { path: plain.replace(MODEL, () => name), query };
}

/** The same place with another last word, which nobody serves: what names the model still does. */
export const nowhereBeside = (endpoint: Endpoint): Endpoint => ({
  ...endpoint,
  path: namesModel(endpoint)
    ? endpoint.path.replace(/[^}]*$/, ':lastchunk-no-such-path')
    : '/lastchunk-no-such-path',
});

/** A path that ends in that of an endpoint. */
export interface EndpointInPath {
  /** Where the endpoint begins. */
  readonly start: number;
  /** As the endpoint has it: the same for all models. */
  readonly template: string;
  /** What it has behind the path. */
  readonly query: string;
  /** It is the one for streams alone. */
  readonly streams: boolean;
}

/** @param path without a query */
export function endpointIn(path: string, { path: plain, streamPath }: Endpoint): EndpointInPath | null {
  for (const [written, streams] of [[plain, false] as const, [streamPath ?? plain, true] as const]) {
    const [template = '', query = ''] = written.split('?');
    const start = startOf(template, path);
    if (start !== null) return { start, template, query, streams };
  }
  return null;
}

function startOf(template: string, path: string): number | null {
  const [before = '', after] = template.split(MODEL);
  if (after === undefined) return path.endsWith(before) ? path.length - before.length : null;
  const start = path.lastIndexOf(before);
  const isNamed = path.length - after.length > start + before.length;
  return start >= 0 && isNamed && path.endsWith(after) ? start : null;
}
