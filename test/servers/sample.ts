/** LASTCHUNK_SERVERS=whole: every server, each with the whole suite, which shows best that no other check accuses it. */
export const WHOLE = process.env.LASTCHUNK_SERVERS === 'whole';

/** A run of all takes minutes: the usual one takes every tenth, and the first of each kind. */
const EVERY = 10;

/** @param kindsOf what of an entry must be there at least once */
export function sampleOf<T>(entries: readonly T[], kindsOf: (entry: T) => readonly string[] = () => []): T[] {
  const met = new Set<string>();
  return entries.filter((entry, at) => {
    const kinds = kindsOf(entry);
    const isFirst = kinds.some((kind) => !met.has(kind));
    const isTaken = WHOLE || isFirst || at % EVERY === 0;
    if (isTaken) for (const kind of kinds) met.add(kind);
    return isTaken;
  });
}
