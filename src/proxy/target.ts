/** Where the proxy passes requests on to. */
import { isIP } from 'node:net';
import { UsageError } from '../model/errors.ts';
import { shownUrl } from '../wire/url.ts';

export interface Target {
  /** As the user wrote it. */
  readonly text: string;
  readonly secure: boolean;
  /** Without the brackets of IPv6. */
  readonly hostname: string;
  readonly port: number;
  /** What the Host header says. */
  readonly host: string;
  /** The name a certificate is checked for; undefined for an address. */
  readonly serverName: string | undefined;
  /** What each path is put behind; '' or without a slash at its end. */
  readonly base: string;
}

/** At the end of a path. */
export const VERSION = /\/v\d+\w*$/;

/** @throws UsageError */
export function parseTarget(text: string): Target {
  const wrong = (why: string) => new UsageError(`--target ${JSON.stringify(shownUrl(text))}: ${why}`);
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text))
    throw wrong('write a URL such as http://127.0.0.1:8000');
  const url = new URL(text);
  if (url.username !== '' || url.password !== '')
    throw wrong('a key does not belong there: each client sends its own');
  if (url.search !== '' || url.hash !== '') throw wrong('leave out what follows the path');
  const hostname = url.hostname.replace(/^\[(.*)\]$/, '$1');
  const secure = url.protocol === 'https:';
  return {
    text,
    secure,
    hostname,
    port: url.port === '' ? (secure ? 443 : 80) : Number(url.port),
    host: url.host,
    serverName: isIP(hostname) === 0 ? hostname : undefined,
    base: url.pathname.replace(/\/+$/, ''),
  };
}

/** The same server without the version of its API: there it has what belongs to no API. */
export const rootOf = (target: Target): Target => ({ ...target, base: target.base.replace(VERSION, '') });

/** The path that is asked of the target: what the client wrote, query and all, behind the target's own path. */
export function targetPath({ base }: Target, url: string): string {
  if (url === '*') return url;
  // `GET http://host/path HTTP/1.1`, as it is sent to a proxy.
  const path = url.replace(/^[a-z][a-z0-9+.-]*:\/\/[^/?#]*/i, '');
  return path.startsWith('/') ? base + path : `${base}/${path}`;
}
