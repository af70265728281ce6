/** What can be proven of a completion's tokens by a stream of a server where a chunk is a token. Pure. */
import type { Api, RequestFacts } from '../model/api.ts';
import type { ChunkTokens } from '../products/product.ts';
import type { Watched } from '../watch/watched.ts';

/** A completion has so many tokens, at the least and at the most. */
export interface Bounds {
  readonly least: number;
  readonly most: number;
  /** Of more than text nothing is proven, and the least is only likely. */
  readonly isTextAlone: boolean;
  /** Which of these ended it, if any did, does not show: its tokens did not come. */
  readonly stops: readonly string[];
}

export const isProven = ({ least, most, isTextAlone }: Bounds): boolean => isTextAlone && least === most;

/**
 * Each chunk but the frame of the stream is a token, be it one that shows nothing; where it holds a character of several
 * bytes it may be as many tokens as it has bytes. A stop string hides the tokens that it was made of, each of a byte at the
 * least, but for the one that completed it.
 * @returns null where nothing is known: several choices, an answer that is not whole or says not why it ended
 */
export function boundsOf(
  watched: Watched,
  facts: RequestFacts,
  api: Api,
  { emptyChunks }: ChunkTokens,
): Bounds | null {
  const [choice, ...more] = watched.choices;
  const [finish, ...others] = watched.finish;
  if (choice === undefined || finish === undefined || !watched.countable) return null;
  if (more.length > 0 || others.length > 0) return null;
  const kind = api.terms.finishes.get(finish);
  if (kind === undefined) return null;
  const silent = Math.max(0, watched.chunks - choice.textChunks - (emptyChunks[api.id] ?? 0));
  const isTextAlone = choice.otherChunks === 0 && (kind === 'limit' || kind === 'stop');
  const least = choice.textChunks + (isTextAlone ? silent : 0);
  const stops = kind === 'stop' ? facts.stopStrings : [];
  const hidden = Math.max(0, ...stops.map((stop) => Buffer.byteLength(stop) - 1));
  return { least, most: least + choice.spareBytes + hidden, isTextAlone, stops };
}
