/** Which versions stand in one column, and what its cells say. */
import { expect, test } from 'vitest';
import { matrixOf, type ProductMatrix } from '../../src/matrix/matrix.ts';
import type { MeasuredRecord, VersionRecord } from '../../src/model/record.ts';
import { absent, present, record, unavailable, withStreams } from './records.ts';

function productOf(records: readonly VersionRecord[]): ProductMatrix {
  const [product] = matrixOf(records, []).products;
  if (product === undefined) throw new Error('no product');
  return product;
}
const columns = (records: readonly VersionRecord[]) =>
  productOf(records).columns.map(({ versions }) => versions.join(' '));
const cellsOf = (records: readonly VersionRecord[], question: string) =>
  productOf(records)
    .groups.flatMap(({ rows }) => rows)
    .find((row) => row.question.id === question)
    ?.cells.map(({ mark, only }) => (only === undefined ? mark : `${mark} ${only}`));

test('neighbours that came out alike are one column, in the order of versions', () => {
  const records = [
    withStreams('0.10', present),
    withStreams('0.2', absent),
    withStreams('0.9', present),
    withStreams('0.3', absent),
  ];
  expect(columns(records)).toEqual(['0.2 0.3', '0.9 0.10']);
  expect(cellsOf(records, 'asked')).toEqual(['fail', 'pass']);
});

test('the same again later is a column of its own', () => {
  expect(columns([withStreams('1', present), withStreams('2', absent), withStreams('3', present)])).toEqual([
    '1',
    '2',
    '3',
  ]);
});

test('another class, or another check, parts columns; the number of cases does not', () => {
  const failing = (version: string, check: string, id: string, cases: number) =>
    withStreams(version, { ...present, [check]: { pass: 1, fail: { [id]: cases } } });
  const records = [
    failing('1', 'usage-once', 'repeated', 2),
    failing('2', 'usage-once', 'repeated', 9),
    failing('3', 'usage-once', 'incremental', 9),
    failing('4', 'usage-last', 'incremental', 9),
  ];
  expect(columns(records)).toEqual(['1 2', '3', '4']);
});

test('warnings that come and go part none, and say in how many versions they are', () => {
  const warned = { ...present, 'usage-once': { warn: { over: 1 } } };
  const records = [record('1'), withStreams('2', warned), record('3')];
  expect(columns(records)).toEqual(['1 2 3']);
  expect(cellsOf(records, 'place')).toEqual(['warn 1']);
});

test('neither does a version in which a question was not judged, while its API was', () => {
  const records = [record('1'), withStreams('2', present), record('3')];
  expect(columns(records)).toEqual(['1 2 3']);
  expect(cellsOf(records, 'place')).toEqual(['pass 2']);
});

test('an API that is not served parts columns', () => {
  const both: MeasuredRecord['results'] = {
    chat: { stream: present },
    responses: { stream: present },
  };
  const records = [withStreams('1', present), record('2', { results: both })];
  expect(columns(records)).toEqual(['1', '2']);
  const groups = productOf(records).groups.map(({ api, rows }) => [
    api,
    rows[0]?.cells.map(({ mark }) => mark),
  ]);
  expect(groups).toEqual([
    ['chat', ['pass', 'pass']],
    ['responses', ['none', 'pass']],
  ]);
});

test('a cell says the worst of its checks, and what could not be judged at all', () => {
  const mixed = {
    'usage-once': { warn: { repeated: 1 } },
    'usage-last': { pass: 1, fail: { early: 1 } },
    'usage-present': { error: 3 },
  };
  expect(cellsOf([withStreams('1', mixed)], 'place')).toEqual(['fail']);
  expect(cellsOf([withStreams('1', mixed)], 'asked')).toEqual(['error']);
});

test('versions that could not be started stand beside the table', () => {
  const { versions, unavailable: lost } = productOf([unavailable('0.1', 'no wheel'), record('0.2')]);
  expect(versions.map(({ version }) => version)).toEqual(['0.2']);
  expect(lost).toMatchObject([{ version: '0.1', reason: 'no wheel' }]);
});

test('a product of which nothing could be started has no columns', () => {
  expect(productOf([unavailable('0.1', 'no wheel')])).toMatchObject({
    product: 'toy',
    columns: [],
    groups: [],
    faults: [],
    upgrades: [],
  });
});
