import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  columnsOf,
  cutMiddle,
  cutToColumns,
  wrapName,
  wrapToColumns,
} from '../../src/reporters/table/columns.ts';
import { harmless } from '../../src/text/harmless.ts';

test('wide characters take two columns', () => {
  expect(columnsOf('漢字')).toBe(4);
  expect(cutToColumns('漢字漢字', 5)).toBe('漢字…');
  expect(cutMiddle('漢字 ends in "usage":null', 14)).toBe('漢字…age":null');
});

test('no line is wider than asked for, and nothing is lost', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), fc.integer({ min: 2, max: 30 }), (raw, width) => {
      const text = harmless(raw);
      expect(columnsOf(cutToColumns(text, width))).toBeLessThanOrEqual(width);
      expect(columnsOf(cutMiddle(text, width))).toBeLessThanOrEqual(width);
      const lines = wrapToColumns(text, width).filter((line) => !line.includes('http'));
      for (const line of lines) expect(columnsOf(line)).toBeLessThanOrEqual(width);
      expect(wrapToColumns(text, width).join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''));
    }),
  );
});

test('names break at spaces and after hyphens, links nowhere', () => {
  expect(wrapName('llama-cpp-python 0.2.84', 12)).toEqual(['llama-cpp-', 'python', '0.2.84']);
  expect(wrapName('llama.cpp b6000', 15)).toEqual(['llama.cpp b6000']);
  expect(wrapToColumns('see https://example.org/a-long-path', 10)).toEqual([
    'see',
    'https://example.org/a-long-path',
  ]);
});
