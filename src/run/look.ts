import type { Looked } from '../products/product.ts';
import { productRoots } from '../wire/url.ts';
import type { Session } from './session.ts';

/** Sends GET requests below a server's root, to identify it. @param stopped true once nothing may be sent any more */
export function lookerOf(session: Session, stopped: () => boolean): (path: string) => Promise<Looked | null> {
  return async (path) => {
    if (stopped()) return null;
    const [root] = productRoots(session.server);
    const { reply } = await session.lookAt(`${root}${path}`);
    if (reply.kind !== 'response') return null;
    const { body, status, headers } = reply;
    return {
      status,
      headers,
      json: body.kind === 'json' ? body.value : undefined,
      text: body.kind === 'json' || body.kind === 'text' ? body.text : '',
    };
  };
}
