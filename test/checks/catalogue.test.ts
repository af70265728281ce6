import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { catalogue, waitingIds } from '../../src/checks/catalogue.ts';
import { wordsOf } from '../../src/checks/words.ts';
import { explain } from '../../src/cli/explain.ts';

it('ids are unique', () => {
  const ids = catalogue.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
});

it('every page belongs to a check, and explain knows it', () => {
  const pages = readdirSync(new URL('../../docs/checks', import.meta.url)).map((name) =>
    name.replace('.md', ''),
  );
  const ids = [...catalogue.map(({ id }) => id), ...waitingIds];
  expect(pages.filter((name) => name !== 'README').sort()).toEqual([...ids].sort());
  for (const id of ids) expect(explain(id)).toContain(wordsOf(id).rule);
});

it.each([
  ['usage-presnt', /"usage-presnt"; did you mean usage-present\? see/],
  ['Usage-Present', /did you mean usage-present\?/],
  ['survives', /did you mean server-survives\?/],
  ['', /unknown check ""; see lastchunk list checks/],
])('explain %j says what is near', (id, says) => {
  expect(() => explain(id)).toThrow(says);
});

it.each(catalogue.map((check) => [check.id, check] as const))('%s has a page with its level', (id, check) => {
  expect(wordsOf(id)).toMatchObject({ id, level: check.level });
});

it.each(catalogue.map((check, at) => [check.id, check.needs, at] as const))(
  '%s stands behind what it needs',
  (_id, needs, at) => {
    for (const need of needs) {
      const position = catalogue.findIndex(({ id }) => id === need);
      expect(position, need).toBeGreaterThanOrEqual(0);
      expect(position, need).toBeLessThan(at);
    }
  },
);
