/** Headers as they stand on the wire: name, value, name, value …, with their case, their order and their duplicates. */
export type RawHeaders = readonly string[];

/** They are about one connection, not about the message (RFC 9110, 7.6.1, and what RFC 2616 named beside). */
const OF_THE_CONNECTION: ReadonlySet<string> = new Set([
  ...['connection', 'proxy-connection', 'keep-alive', 'te', 'transfer-encoding', 'upgrade'],
  ...['proxy-authenticate', 'proxy-authorization'],
]);

/** Without these a message has another length or another receiver, whatever `Connection` says of them. */
const OF_THE_MESSAGE: ReadonlySet<string> = new Set(['content-length', 'host']);

type Pair = readonly [name: string, value: string];

export function pairsOf(raw: RawHeaders): readonly Pair[] {
  const pairs: Pair[] = [];
  for (let at = 0; at + 1 < raw.length; at += 2) pairs.push([raw[at] ?? '', raw[at + 1] ?? '']);
  return pairs;
}

/** All values of a header, in their order. @param name in lower case */
export function valuesOf(raw: RawHeaders, name: string): readonly string[] {
  return pairsOf(raw).flatMap(([key, value]) => (key.toLowerCase() === name ? [value] : []));
}

/**
 * What is passed on to the next connection.
 * @param keepsTrailer whether the body that follows can have trailers
 */
export function endToEnd(raw: RawHeaders, keepsTrailer: boolean): readonly Pair[] {
  const pairs = pairsOf(raw);
  const named = new Set(
    pairs
      .filter(([name]) => name.toLowerCase() === 'connection')
      .flatMap(([, value]) => value.split(',').map((token) => token.trim().toLowerCase())),
  );
  return pairs.filter(([name]) => {
    const key = name.toLowerCase();
    if (OF_THE_MESSAGE.has(key)) return true;
    if (key === 'trailer') return keepsTrailer;
    return !OF_THE_CONNECTION.has(key) && !named.has(key);
  });
}

/** The same with the value of one header set where it first stands, or at the end. @param name as it is added */
export function withHeader(pairs: readonly Pair[], name: string, value: string): readonly Pair[] {
  const key = name.toLowerCase();
  const first = pairs.findIndex(([other]) => other.toLowerCase() === key);
  if (first < 0) return [...pairs, [name, value]];
  return pairs.flatMap((pair, at) => {
    if (pair[0].toLowerCase() !== key) return [pair];
    return at === first ? [[pair[0], value] as const] : [];
  });
}

export function withoutHeader(pairs: readonly Pair[], name: string): readonly Pair[] {
  return pairs.filter(([other]) => other.toLowerCase() !== name);
}
