import { expect, it } from 'vitest';
import { catalogue } from '../../src/checks/catalogue.ts';
import { wordsOf } from '../../src/checks/words.ts';

it('ids are unique', () => {
  const ids = catalogue.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
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
