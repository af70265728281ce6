/**
 * The same things with names of their own: results are told apart by (server, check, case). The first keeps its name,
 * further ones of the same name are numbered.
 */
export function withUniqueNames<T extends { readonly name: string }>(named: readonly T[]): readonly T[] {
  const given = new Set(named.map(({ name }) => name));
  const taken = new Set<string>();
  return named.map((one) => {
    let { name } = one;
    for (let number = 2; taken.has(name); number += 1) {
      const numbered = `${one.name} (${number})`;
      if (!given.has(numbered)) name = numbered;
    }
    taken.add(name);
    return name === one.name ? one : { ...one, name };
  });
}
