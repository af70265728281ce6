/** Web pages where an API is expected: an address that is not the server's. */
import type { Exchange } from '../model/exchange.ts';

/** HTML with a status that says all is well. */
export function isPage({ reply }: Exchange): boolean {
  return (
    reply.kind === 'response' &&
    reply.status >= 200 &&
    reply.status < 300 &&
    /^text\/html\b/i.test(reply.contentType)
  );
}

export const pageInstead = (place: string): string =>
  `${place} answers with a web page, not with an API; is that its address?`;
