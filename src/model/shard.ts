/** A fleet spread over machines: whole servers, dealt out in turn. */

export const MOST_SHARDS = 10_000;

export interface Shard {
  /** From 1. */
  readonly index: number;
  readonly count: number;
}

/** A shard's items. All shards together have each item once. */
export function shareOf<T>(items: readonly T[], { index, count }: Shard): readonly T[] {
  return items.filter((_, i) => i % count === index - 1);
}
