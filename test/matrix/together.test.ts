/** Which records may stand in one table. */
import { expect, test } from 'vitest';
import { MatrixError, matrixOf } from '../../src/matrix/matrix.ts';
import type { FaultNotes } from '../../src/model/record.ts';
import { absent, present, record, unavailable, withStreams } from './records.ts';

const measured = record('1').measured;

test.each([
  ['suites', { ...measured, suite: 'smoke' }, 'suite smoke, catalogue 2 (toy 2)'],
  ['catalogues', { ...measured, catalogue: 3 }, 'suite standard, catalogue 3 (toy 2)'],
])('different %s are refused, unless told', (_, other, words) => {
  const records = [record('1'), record('2', { measured: other })];
  expect(() => matrixOf(records, [])).toThrow(MatrixError);
  expect(() => matrixOf(records, [])).toThrow(words);
  expect(matrixOf(records, [], { mixed: true }).products[0]?.versions).toHaveLength(2);
});

test('of a version that was measured twice the later counts, whatever came first', () => {
  const later = { ...withStreams('1', present), measured: { ...measured, at: '2026-01-03T00:00:00.000Z' } };
  const records = [later, withStreams('1', absent)];
  for (const one of [records, [...records].reverse()]) {
    const [product] = matrixOf(one, []).products;
    expect([product?.versions.length, product?.faults]).toEqual([1, []]);
  }
});

test('a version that could be started later is no longer unavailable', () => {
  const later = record('1', { measured: { ...measured, at: '2026-01-03T00:00:00.000Z' } });
  const [product] = matrixOf([unavailable('1', 'died'), later], []).products;
  expect([product?.versions.length, product?.unavailable]).toEqual([1, []]);
});

test('a gateway is a product of its own for each server behind it, and has its own notes', () => {
  const behind = (product: string) => record('1', { upstream: { product, version: '9' }, ...failing });
  const failing = { results: { chat: { stream: absent } } };
  const notes: FaultNotes = {
    kind: 'lastchunk-faults',
    schemaVersion: 1,
    product: 'toy',
    upstream: 'b',
    faults: [{ check: 'usage-present', report: { link: null, searched: '2026-01-02' } }],
  };
  const { products } = matrixOf([behind('b'), record('1', failing), behind('a')], [notes]);
  expect(products.map(({ id, upstream, faults }) => [id, upstream, faults[0]?.note === null])).toEqual([
    ['toy', null, true],
    ['toy--a', 'a', true],
    ['toy--b', 'b', false],
  ]);
});

test('nothing gives an empty table', () => {
  expect(matrixOf([], [])).toEqual({ suite: '', catalogue: 0, products: [] });
});
