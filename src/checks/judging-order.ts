import type { Check } from './support/define-check.ts';

/**
 * Checks in the order they are judged: each behind those that it needs or consults, otherwise as given.
 * @throws Error where checks wait for each other, or for one that is not among them: the catalogue is wrong
 */
export function judgingOrder(checks: readonly Check[]): readonly Check[] {
  const byId = new Map(checks.map((check) => [check.id, check]));
  const ordered = new Set<Check>();
  const visit = (check: Check, above: readonly string[]) => {
    if (ordered.has(check)) return;
    const path = [...above, check.id];
    if (above.includes(check.id)) throw new Error(`checks wait for each other: ${path.join(', ')}`);
    for (const id of [...check.needs, ...needsInWhole(check, checks), ...check.consults]) {
      const other = byId.get(id);
      if (other === undefined) throw new Error(`${check.id} waits for ${id}, which is not in its catalogue`);
      visit(other, path);
    }
    ordered.add(check);
  };
  for (const check of checks) visit(check, []);
  return [...ordered];
}

/**
 * Ids of the checks that must hold before this one is judged in a whole answer: one check there stands for several that
 * judge streams only.
 */
export function needsInWhole({ needs }: Check, checks: readonly Check[]): readonly string[] {
  const standIn = (need: string) => checks.find(({ standsFor }) => standsFor.includes(need))?.id ?? need;
  return [...new Set(needs.map(standIn))];
}
