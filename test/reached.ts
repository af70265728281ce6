/** What a module of src/ loads, read off the imports. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('../src/', import.meta.url));

export interface Reached {
  /** Relative to src/. */
  readonly modules: ReadonlySet<string>;
  readonly packages: ReadonlySet<string>;
}

const AT_ONCE = /^(?:import|export)(?! type\b)(?:[^;']*? from)? '([^']+)'/gm;
const LATER = /\bimport\('([^']+)'\)/g;

/** What is loaded at once with these modules. @param later whether what a module imports later is counted, too */
export function reached(
  entries: readonly string[],
  later: (module: string) => boolean = () => false,
): Reached {
  const modules = new Set<string>();
  const packages = new Set<string>();
  const visit = (module: string): void => {
    if (modules.has(module)) return;
    modules.add(module);
    const text = readFileSync(join(SOURCES, module), 'utf8');
    for (const [, target = ''] of [
      ...text.matchAll(AT_ONCE),
      ...(later(module) ? text.matchAll(LATER) : []),
    ]) {
      if (target.startsWith('.')) visit(join(dirname(module), target));
      else packages.add(target);
    }
  };
  for (const entry of entries) visit(entry);
  return { modules, packages };
}
