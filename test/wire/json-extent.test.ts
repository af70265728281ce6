/** What is not parsed: too many values, too deep, in whatever pieces the text comes. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { excessOf, JsonExtent, MAX_DEPTH, MAX_VALUES } from '../../src/text/json-extent.ts';

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
const list = (values: number) => JSON.stringify(Array.from({ length: values }, () => 1.5));

describe('the extent of JSON', () => {
  it.each([
    ['as deep as may be', nested(MAX_DEPTH), null],
    ['a level deeper', nested(MAX_DEPTH + 1), 'JSON nested over 200 levels deep'],
    [
      'objects a level deeper',
      `${'{"a":'.repeat(201)}1${'}'.repeat(201)}`,
      'JSON nested over 200 levels deep',
    ],
    ['as many values as may be', list(MAX_VALUES), null],
    ['one more', list(MAX_VALUES + 1), 'over 50000 JSON values'],
    ['brackets and commas in a string', JSON.stringify({ a: '[{,\\"'.repeat(100_000) }), null],
    [
      'after a string that ends in a backslash',
      `{"a":"\\\\","b":${nested(250)}}`,
      'JSON nested over 200 levels deep',
    ],
    ['text that is no JSON', '<p>[{,'.repeat(100_000), null],
    ['what follows the outermost value', `[1]${'['.repeat(100_000)}`, null],
    ['blanks before it', `${' '.repeat(1000)}${nested(250)}`, 'JSON nested over 200 levels deep'],
  ])('%s', (_name, text, excess) => {
    expect(excessOf(text)).toBe(excess);
  });

  it('counts the same in whatever pieces the text comes', () => {
    const json = fc
      .json({ maxDepth: 4 })
      .chain((text) => fc.tuple(fc.constant(text), fc.array(fc.nat(text.length), { maxLength: 8 })));
    const values = (value: unknown): number =>
      typeof value !== 'object' || value === null
        ? 0
        : Math.max(1, Object.values(value).length) +
          Object.values(value).reduce((sum: number, item) => sum + values(item), 0);
    fc.assert(
      fc.property(json, ([text, cuts]) => {
        const count = values(JSON.parse(text));
        const places = [0, ...cuts.sort((a, b) => a - b), text.length];
        const excess = (most: number) => {
          const extent = new JsonExtent(most);
          return places.some((end, at) => extent.push(text.slice(places[at - 1] ?? 0, end)) !== null);
        };
        expect(excess(count)).toBe(false);
        if (count > 0) expect(excess(count - 1)).toBe(true);
      }),
    );
  });
});
