import type { ServerTarget } from './options.ts';

/**
 * Targets with names of their own: results are told apart by (server, check, case). The first keeps its name, further
 * ones of the same name are numbered.
 */
export function withUniqueNames(targets: readonly ServerTarget[]): readonly ServerTarget[] {
  const given = new Set(targets.map(({ name }) => name));
  const taken = new Set<string>();
  return targets.map((target) => {
    let { name } = target;
    for (let number = 2; taken.has(name); number += 1) {
      const numbered = `${target.name} (${number})`;
      if (!given.has(numbered)) name = numbered;
    }
    taken.add(name);
    return name === target.name ? target : { ...target, name };
  });
}
