/** What a server is called in a report: by product and version, for these are what is compared. */

import { groupBy } from '../../model/group-by.ts';
import type { ServerReport } from '../../model/report.ts';

export interface ServerTitle {
  /** In full: `llama-cpp-python 0.2.84`. */
  readonly text: string;
  readonly product: string;
  /** What is left of the text without the product. */
  readonly rest: string;
}

/** One title per server, in order; titles that would be the same carry the server's name as well. */
export function serverTitles(servers: readonly ServerReport[]): readonly ServerTitle[] {
  const plain = servers.map((server) => {
    const { name, launched } = server;
    // The version that was asked for is what is compared, whatever it says of itself.
    if (launched !== undefined) return { name, product: launched.product, rest: launched.version };
    const product = server.product ?? server.name;
    const unknown = server.product === null ? '' : '(version unknown)';
    return { name, product, rest: server.version ?? unknown };
  });
  const same = groupBy(plain, ({ product, rest }) => titled(product, rest).text);
  return plain.map(({ name, product, rest }) => {
    const twin = (same.get(titled(product, rest).text) ?? []).length > 1;
    return titled(product, twin && product !== name ? `${rest} (${name})`.trim() : rest);
  });
}

/** Several titles in one phrase, a shared product said once: `llama-cpp-python 0.2.84, 0.2.87`. */
export function joinTitles(titles: readonly ServerTitle[]): string {
  const byProduct = groupBy(titles, (title) => title.product);
  return [...byProduct]
    .map(([product, same]) => titled(product, same.map((t) => t.rest).join(', ')).text)
    .join('; ');
}

/** Product and version, with what it stands in front of, and what it says it is where it was asked for under another name. */
export function longTitle(server: ServerReport, title: ServerTitle): string {
  const said = [server.product, server.version].filter((part) => part !== null).join(' ');
  const known = server.launched === undefined || said === '' || said === title.text;
  const text = known ? title.text : `${title.text} (${said})`;
  return server.behind ? `${text} in front of ${server.behind}` : text;
}

function titled(product: string, rest: string): ServerTitle {
  return { text: `${product} ${rest}`.trim(), product, rest };
}
