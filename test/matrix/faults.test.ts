/** In which versions a fault is, in which it is not, and what is one fault. */
import { expect, test } from 'vitest';
import { type Fault, faultsOf } from '../../src/matrix/faults.ts';
import type { MeasuredRecord, Tallies, Tally } from '../../src/model/record.ts';
import { absent, present, record, recordedFault, withStreams } from './records.ts';

const fails: Tally = { fail: { absent: 5 } };
const otherwise: Tally = { fail: { late: 5 } };
const unjudged: Tally = { error: 5 };

/** Versions 1, 2, 3 … in which `usage-present` came out so. */
const versions = (...tallies: readonly Tally[]) =>
  tallies.map((tally, i) => withStreams(String(i + 1), { 'usage-present': tally }));
function only(records: readonly MeasuredRecord[], id = 'absent'): Fault {
  const found = faultsOf(records, []).filter((fault) => fault.class === id);
  expect(found).toHaveLength(1);
  return found[0] as Fault;
}
const runs = (fault: Fault, of: 'fails' | 'holds' | 'otherwise' | 'notJudged') =>
  fault[of].map(({ from, to, versions: count }) => `${from}-${to} (${count})`);

test('neighbours are one run, and what lies between parts runs', () => {
  const fault = only(versions(fails, fails, 5, fails, 5, 5));
  expect(runs(fault, 'fails')).toEqual(['1-2 (2)', '4-4 (1)']);
  expect(runs(fault, 'holds')).toEqual(['3-3 (1)', '5-6 (2)']);
  expect(fault.newest).toBe('holds');
});

test('a version in which it was not judged parts no run, and is told', () => {
  const fault = only(versions(fails, unjudged, fails, 5, unjudged));
  expect(runs(fault, 'fails')).toEqual(['1-3 (2)']);
  expect(runs(fault, 'holds')).toEqual(['4-4 (1)']);
  expect(runs(fault, 'notJudged')).toEqual(['2-2 (1)', '5-5 (1)']);
  expect(fault.newest).toBe('not-judged');
});

test('a check that breaks in another way does not hold', () => {
  const fault = only(versions(fails, otherwise, { warn: { few: 1 } }, { pass: 4, error: 1 }));
  expect(runs(fault, 'otherwise')).toEqual(['2-3 (2)']);
  expect(runs(fault, 'holds')).toEqual([]);
  expect(fault.outcomes).toEqual(['fails', 'otherwise', 'otherwise', 'not-judged']);
});

test('requests with tools and without are one place', () => {
  const records = [record('1', { results: { chat: { stream: present, 'stream-tools': absent } } })];
  expect(only(records)).toMatchObject({ places: [{ api: 'chat', mode: 'stream' }], newest: 'fails' });
});

const inBoth = (version: string, chat: Tallies, completions: Tallies) =>
  record(version, { results: { chat: { stream: chat }, completions: { stream: completions } } });

test('the same in two APIs is one fault', () => {
  const fault = only([inBoth('1', absent, absent), inBoth('2', present, present)]);
  expect(fault.places.map(({ api }) => api)).toEqual(['chat', 'completions']);
  expect([fault.id, fault.exceptions]).toEqual(['usage-present-absent', []]);
});

test('one version in five that differs makes no second fault, and is told', () => {
  const records = ['1', '2', '3', '4', '5'].map((version) =>
    inBoth(version, absent, version === '3' ? present : absent),
  );
  const fault = only(records);
  expect(runs(fault, 'fails')).toEqual(['1-5 (5)']);
  expect(fault.exceptions).toEqual([
    {
      places: [{ api: 'completions', mode: 'stream' }],
      outcome: 'holds',
      runs: [{ from: '3', to: '3', versions: 1 }],
    },
  ]);
});

test('where more versions differ they are two faults, each with an id of its own', () => {
  const records = [inBoth('1', absent, absent), inBoth('2', absent, present), inBoth('3', absent, present)];
  const found = faultsOf(records, []);
  expect(found.map(({ id }) => id)).toEqual([
    'usage-present-absent-chat',
    'usage-present-absent-completions',
  ]);
  expect(found.map((fault) => runs(fault, 'fails'))).toEqual([['1-3 (3)'], ['1-1 (1)']]);
});

test('an API that was not served before is an exception', () => {
  const records = [withStreams('1', absent), withStreams('2', absent), inBoth('3', absent, absent)];
  expect(only(records).exceptions).toEqual([
    {
      places: [{ api: 'completions', mode: 'stream' }],
      outcome: 'not-judged',
      runs: [{ from: '1', to: '2', versions: 2 }],
    },
  ]);
});

test('places that fail in no version together are not one fault', () => {
  const records = [withStreams('1', absent), record('2', { results: { completions: { stream: absent } } })];
  expect(faultsOf(records, [])).toHaveLength(2);
});

test('a warning is no fail of the same name', () => {
  const found = faultsOf(versions(fails, { warn: { absent: 1 } }), []);
  expect(found.map(({ level, id }) => [level, id])).toEqual([
    ['fail', 'usage-present-absent'],
    ['warn', 'usage-present-absent-warn'],
  ]);
});

test('it is shown as in the newest version that has it, and in an API where it is', () => {
  const shown = (version: string, api: string) => ({
    ...inBoth(version, absent, present),
    faults: [recordedFault({ case: `${api}/stream/asked/text` })],
  });
  expect(only([shown('1', 'chat'), shown('2', 'chat'), shown('3', 'gemini')]).shown).toMatchObject({
    version: '2',
    case: 'chat/stream/asked/text',
  });
});

test('a note is taken by check, class and API', () => {
  const records = versions(fails);
  const note = (change: object) => faultsOf(records, [{ check: 'usage-present', ...change }])[0]?.note;
  expect(note({})).not.toBeNull();
  expect(note({ class: 'absent', apis: ['chat', 'gemini'] })).not.toBeNull();
  expect(note({ class: 'late' })).toBeNull();
  expect(note({ apis: ['completions'] })).toBeNull();
});
