/** What came and went between versions, and what an upgrade to the newest is worth. */
import { expect, test } from 'vitest';
import { matrixOf, type ProductMatrix } from '../../src/matrix/matrix.ts';
import type { MeasuredRecord, Tallies } from '../../src/model/record.ts';
import { absent, present, record, withStreams } from './records.ts';

const fault = 'usage-present-absent';
const error: Tallies = { 'usage-present': { error: 1 } };
function productOf(records: readonly MeasuredRecord[]): ProductMatrix {
  const [product] = matrixOf(records, []).products;
  if (product === undefined) throw new Error('no product');
  return product;
}
const versions = (...streams: readonly Tallies[]) =>
  productOf(streams.map((stream, i) => withStreams(String(i + 1), stream)));
const change = (from: string, to: string, what: object) => ({
  from,
  to,
  breaks: [],
  mends: [],
  brings: [],
  loses: [],
  ...what,
});

test('what breaks and what is mended, between neighbours', () => {
  expect(versions(present, present, absent, absent, present).changes).toEqual([
    change('2', '3', { breaks: [fault] }),
    change('4', '5', { mends: [fault] }),
  ]);
});

test('over versions in which it was not judged, from the last in which it was', () => {
  expect(versions(present, error, absent).changes).toEqual([change('1', '3', { breaks: [fault] })]);
});

test('a check that breaks in another way then is not mended', () => {
  const late: Tallies = { 'usage-present': { fail: { late: 1 } } };
  expect(versions(absent, late).changes).toEqual([]);
});

test('APIs that are served, or not any more', () => {
  const results = { chat: { stream: present }, responses: { stream: present } };
  const { changes } = productOf([
    withStreams('1', present),
    record('2', { results }),
    withStreams('3', present),
  ]);
  expect(changes).toEqual([
    change('1', '2', { brings: ['responses'] }),
    change('2', '3', { loses: ['responses'] }),
  ]);
});

test('an upgrade to the newest, neighbours for which it is the same together', () => {
  const late: Tallies = { ...present, 'usage-once': { fail: { late: 1 } } };
  const once: Tallies = { ...absent, 'usage-once': 3 };
  expect(versions(once, once, { ...present, 'usage-once': 3 }, late).upgrades).toEqual([
    { versions: ['1', '2'], mends: [fault], breaks: ['usage-once-late'] },
    { versions: ['3'], mends: [], breaks: ['usage-once-late'] },
  ]);
});

test('faults are counted by version as they are listed', () => {
  expect(versions(absent, present).versions.map(({ faults }) => faults)).toEqual([1, 0]);
});
