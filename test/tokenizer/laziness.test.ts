/** What a check without a tokenizer loads, read off the imports: nothing of what makes tokens. */
import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';

const SOURCES = fileURLToPath(new URL('../../src/', import.meta.url));
/** They load the rest when they are asked to count. */
const DOORS = ['tokenizer/index.ts', 'commands/count.ts'];

/** All modules that `entry` imports, at once or later, and the packages among them. */
function reachedFrom(entry: string): { modules: Set<string>; packages: Set<string> } {
  const modules = new Set<string>();
  const packages = new Set<string>();
  const visit = (module: string): void => {
    if (modules.has(module)) return;
    modules.add(module);
    const text = readFileSync(join(SOURCES, module), 'utf8');
    const atOnce = text.matchAll(/^(?:import|export)(?! type\b)(?:[^;']*? from)? '([^']+)'/gm);
    const later = DOORS.includes(module) ? [] : text.matchAll(/\bimport\('([^']+)'\)/g);
    for (const [, target = ''] of [...atOnce, ...later]) {
      if (target.startsWith('.')) visit(join(dirname(module), target));
      else packages.add(target);
    }
  };
  visit(entry);
  return { modules, packages };
}

it.each(['cli/main.ts', 'index.ts'])('%s loads no tokenizer', (entry) => {
  const { modules, packages } = reachedFrom(entry);
  expect(modules.size).toBeGreaterThan(50);
  const loaded = [...modules]
    .filter((module) => module.startsWith('tokenizer/'))
    .map((module) => basename(module));
  expect(loaded.sort()).toEqual(['index.ts', 'tokenizer-error.ts']);
  expect([...packages].filter((name) => name.startsWith('@huggingface/'))).toEqual([]);
});

it('the other side of the door is where they are', () => {
  const { packages } = reachedFrom('tokenizer/load-gguf.ts');
  expect([...packages]).toContain('@huggingface/jinja');
});
