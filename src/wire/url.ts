import { endpointAt } from '../apis/index.ts';
import type { Endpoint, Mode } from '../model/api.ts';
import { pathOf } from '../model/endpoint-path.ts';
import { UserError } from '../model/errors.ts';

/** A server URL that cannot be used; the message is one line and says how to mend it. */
export class ServerUrlError extends UserError {
  override readonly name = 'ServerUrlError';
  /** What is wrong, without the URL. */
  readonly reason: string;

  constructor(message: string, reason: string) {
    super(message);
    this.reason = reason;
  }
}

/** A server as the user wrote it, taken apart. */
export interface ServerUrl {
  /** `http://host:port` */
  readonly origin: string;
  /** Path without a slash at its end, '' for none; the path of an endpoint is cut off. */
  readonly prefix: string;
  /** `?api-version=…` or ''. Sent with every request. */
  readonly query: string;
  /** A whole endpoint URL was given, so `prefix` is certainly what its path follows. */
  readonly exact: boolean;
  /** The value of an authorization header made of `user:password@`; null where there was none. */
  readonly authorization: string | null;
}

/**
 * Reads a base URL: http or https, any path prefix, a query (Azure), credentials, or a whole endpoint URL.
 * @throws ServerUrlError
 */
export function parseServerUrl(text: string): ServerUrl {
  const given = text.trim();
  const plain = shownUrl(given);
  const shown = JSON.stringify(plain);
  if (given === '')
    throw new ServerUrlError('the server URL is empty; write e.g. http://127.0.0.1:8080', 'it is empty');
  if (/[\s\p{Cc}]/u.test(given))
    throw new ServerUrlError(`${shown} is no URL: it has white space in it`, 'it has white space in it');
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(given)?.[1]?.toLowerCase();
  if (scheme === undefined) {
    const hint = plain.includes('…') ? 'write http:// before it' : `did you mean http://${plain} ?`;
    throw new ServerUrlError(`${shown} has no scheme; ${hint}`, 'it has no scheme');
  }
  if (scheme !== 'http' && scheme !== 'https') {
    throw new ServerUrlError(
      `${shown}: ${scheme}:// is not supported; write http:// or https://`,
      'its scheme is not supported; write http:// or https://',
    );
  }
  const port = /^[^/]*\/\/[^/?#]*:(\d+)(?:[/?#]|$)/.exec(given)?.[1];
  if (port !== undefined && (Number(port) > 65_535 || Number(port) === 0)) {
    const reason = 'is out of range (1 to 65535)';
    throw new ServerUrlError(`${shown}: port ${port.slice(0, 20)} ${reason}`, `its port ${reason}`);
  }
  if (!URL.canParse(given)) {
    throw new ServerUrlError(
      `${shown} is no valid URL; write e.g. http://127.0.0.1:8080/v1`,
      'write e.g. http://127.0.0.1:8080/v1',
    );
  }
  const url = new URL(given);
  const path = url.pathname.replace(/\/{2,}/g, '/').replace(/\/+$/, '');
  const endpoint = endpointAt(path);
  return {
    origin: url.origin,
    prefix: path.slice(0, endpoint?.start),
    query: withoutPart(url.search, endpoint?.query ?? ''),
    exact: endpoint !== null,
    authorization: basicAuthorization(url),
  };
}

/**
 * Where an API's paths may hang, the likeliest first. A path that names a version (`/v1`, `/api/v3`, `/v1beta/openai`)
 * or a deployment (`/openai/deployments/NAME`), one with an `api-version`, and a whole endpoint URL are taken as they
 * are; anything else (`/`, `/api`, `/openai`) is tried with `/v1` first.
 */
export function endpointRoots(server: ServerUrl): readonly string[] {
  const { prefix, exact, query } = server;
  const withVersion = `${prefix}/v1`;
  if (exact) return [prefix];
  if (VERSION_AT_END.test(prefix)) return [prefix];
  const settled =
    VERSION_WITHIN.test(prefix) || prefix.includes('/deployments/') || /[?&]api-version=/i.test(query);
  return settled ? [prefix, withVersion] : [withVersion, prefix];
}

const VERSION_AT_END = /\/v\d+(?:(?:alpha|beta)\d*)?$/i;
const VERSION_WITHIN = /\/v\d+(?:(?:alpha|beta)\d*)?(?:\/|$)/i;

/** The URL of an endpoint: `root` is one of `endpointRoots`, `path` begins with a slash. */
export function endpointUrl(server: ServerUrl, root: string, path: string): string {
  return `${server.origin}${root}${path}${server.query}`;
}

/** The URL of an API's endpoint. */
export function apiUrl(
  server: ServerUrl,
  root: string,
  endpoint: Endpoint,
  mode: Mode,
  model: string | null,
): string {
  const { path, query } = pathOf(endpoint, mode, model);
  const url =
    endpoint.under === 'version'
      ? endpointUrl(server, root, path)
      : `${productRoots(server)[0]}${path}${server.query}`;
  return query === '' ? url : `${url}${server.query === '' ? '?' : '&'}${query}`;
}

/**
 * Where a product's own endpoints may hang (`/props`, `/version`, `/openapi.json`): beside the version segment, then at
 * the root of the host. The likeliest first, without a slash at the end.
 */
export function productRoots(server: ServerUrl): readonly string[] {
  const beside = server.prefix.replace(VERSION_AT_END, '');
  return beside === '' ? [server.origin] : [server.origin + beside, server.origin];
}

/**
 * A URL as it was written, valid or not, with nothing in it that may be a credential: what stands before the last `@`,
 * where there is none a port that is no number, and what follows `?` or `#`. `…` stands where something was taken out behind the host.
 */
export function shownUrl(text: string): string {
  const [, scheme = '', rest = ''] = /^((?:[a-z][a-z0-9+.-]*:)?\/\/)?(.*)$/is.exec(text) ?? [];
  const query = rest.search(/[?#]/);
  const [, before = ''] = /^(.*(?:@|%40))/is.exec(rest) ?? [];
  // A `?` in a password, or an `@` in a query: nobody can tell.
  if (query >= 0 && before.length > query) return `${scheme}…`;
  const place = rest.slice(before.length, query < 0 ? rest.length : query);
  // `user:password` whose host was forgotten.
  const safe = before === '' ? place.replace(/^(\[[^\]/]*\]|[^/:[\]]*):(?!\d*(?:\/|$))[^/]*/, '$1:…') : place;
  return `${scheme}${safe}`.slice(0, 200) + (query < 0 ? '' : `${rest[query]}…`);
}

/** An endpoint's own query goes with that endpoint alone. */
function withoutPart(query: string, part: string): string {
  const left = query
    .slice(1)
    .split('&')
    .filter((one) => one !== part);
  return left.join('') === '' ? '' : `?${left.join('&')}`;
}

function basicAuthorization(url: URL): string | null {
  if (url.username === '' && url.password === '') return null;
  const pair = `${decoded(url.username)}:${decoded(url.password)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
