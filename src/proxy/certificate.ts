/** What can be proven of a completion's tokens by a stream of a server where a chunk is a token. Pure. */
import type { Api, RequestFacts } from '../model/api.ts';
import type { ChunkTokens } from '../products/product.ts';
import type { Watched } from '../watch/watched.ts';

/** It has so many tokens, at the least and at the most. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
}

const bytesOf = (text: string): number => Buffer.byteLength(text);

/**
 * A chunk with text is a token or, where it holds a character of several bytes, as many as it has bytes. A stop string hides
 * the tokens that it was made of, each of at least a byte, but for the one that completed it. A chunk that should have text and has none is
 * a token that shows nothing.
 * @returns null where nothing is known: several choices, a tool call, an answer that is not whole
 */
export function boundsOf(
  watched: Watched,
  facts: RequestFacts,
  api: Api,
  { emptyChunks }: ChunkTokens,
): Bounds | null {
  const [choice, ...more] = watched.choices;
  const [finish] = watched.finish;
  if (choice === undefined || more.length > 0 || finish === undefined || !watched.countable) return null;
  if (facts.answers !== 1 || choice.otherChunks > 0 || watched.finish.length !== 1) return null;
  const kind = api.terms.finishes.get(finish);
  if (kind !== 'limit' && kind !== 'stop') return null;
  const expected = choice.textChunks + (emptyChunks[api.id] ?? 0);
  const silent = Math.max(0, watched.chunks - expected);
  const stops = kind === 'stop' ? facts.stopStrings : [];
  const hidden = Math.max(0, ...stops.map((stop) => bytesOf(stop) - 1));
  const least = choice.textChunks;
  return { least, most: least + choice.spareBytes + silent + hidden };
}
