import { type ClientRequest, Agent as HttpAgent, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { rootCertificates } from 'node:tls';
import { type RawHeaders, withHeader } from './headers.ts';
import { type Target, targetPath } from './target.ts';

/** Room for headers of 16 KiB and more, in both directions. */
export const MOST_HEADER_BYTES = 128 * 1024;

/** For all other methods node announces a body where nothing says that there is none. */
const WITHOUT_BODY: ReadonlySet<string> = new Set(['GET', 'HEAD', 'DELETE', 'OPTIONS', 'TRACE', 'CONNECT']);

export interface UpstreamRequest {
  readonly method: string;
  /** As the client wrote it. */
  readonly url: string;
  readonly headers: ReadonlyArray<readonly [string, string]>;
  /** A body follows, which its headers announce. */
  readonly hasBody: boolean;
  /** Hop-by-hop headers that ask for another protocol. */
  readonly upgrade?: RawHeaders;
}

/**
 * The connections to the target, one for each request: a server may close a connection that idles at the very moment at which
 * another request is sent on it, and a request for tokens must not be sent twice.
 */
export class Upstream {
  readonly target: Target;
  readonly #agent: HttpAgent | HttpsAgent;

  /** @param caPem trusted beside the well-known authorities; null: only those */
  constructor(target: Target, caPem: string | null) {
    this.target = target;
    const ca = caPem === null ? {} : { ca: [...rootCertificates, caPem] };
    this.#agent = target.secure ? new HttpsAgent(ca) : new HttpAgent();
  }

  /** Opens a request with these headers and no others but those of the connection; the caller ends it. @throws where node refuses a header */
  open({ method, url, headers, hasBody, upgrade = [] }: UpstreamRequest): ClientRequest {
    const { target } = this;
    const sent = withHeader(headers, 'Host', target.host);
    const options = {
      agent: this.#agent,
      host: target.hostname,
      port: target.port,
      method,
      path: targetPath(target, url),
      maxHeaderSize: MOST_HEADER_BYTES,
      setHost: false,
      ...(target.serverName === undefined ? {} : { servername: target.serverName }),
    };
    const open = target.secure ? httpsRequest : httpRequest;
    if (hasBody || WITHOUT_BODY.has(method)) {
      const request = open({ ...options, headers: [...sent.flat(), ...upgrade] });
      request.maxHeadersCount = 0;
      return request;
    }
    const request = open(options);
    request.maxHeadersCount = 0;
    for (const [name, value] of sent) request.appendHeader(name, value);
    // A POST without a body announces none, as it came.
    request.removeHeader('content-length');
    request.removeHeader('transfer-encoding');
    return request;
  }

  close(): void {
    this.#agent.destroy();
  }
}
