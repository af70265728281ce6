/** What a check without a tokenizer loads, read off the imports: nothing of what makes tokens. */
import { basename } from 'node:path';
import { expect, it } from 'vitest';
import { reached } from '../reached.ts';

/** They load the rest when they are asked to count. */
const DOORS = ['tokenizer/index.ts', 'commands/count.ts'];

const reachedFrom = (entry: string) => reached([entry], (module) => !DOORS.includes(module));

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
