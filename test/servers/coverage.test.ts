/** The battery itself: nothing is left out, nothing is there twice, and the ids exist. */
import { expect, it } from 'vitest';
import { BROKEN } from './broken.ts';
import { BROKEN_APIS } from './broken-apis.ts';
import { BEYOND_THE_BATTERY, CHECK_IDS, type CheckId } from './check-ids.ts';
import { ODD } from './odd.ts';
import { ODD_APIS } from './odd-apis.ts';
import { UNJUDGEABLE } from './unjudgeable.ts';

const ALL_BROKEN = [...BROKEN, ...BROKEN_APIS];
const named = (ids: (server: (typeof ALL_BROKEN)[number]) => CheckId[]) => new Set(ALL_BROKEN.flatMap(ids));

it('every check has a server that is broken in its way', () => {
  const covered = named((server) => [...server.fails, ...(server.warns ?? [])]);
  const missing = CHECK_IDS.filter((id) => !covered.has(id) && !BEYOND_THE_BATTERY.includes(id));
  expect(missing).toEqual([]);
});

it('every id of an entry is in the catalogue', () => {
  const used = named((server) => [...server.fails, ...(server.warns ?? []), ...(server.mayAlso ?? [])]);
  expect([...used].filter((id) => !CHECK_IDS.includes(id))).toEqual([]);
});

it('a broken server fails or warns, and says where it comes from', () => {
  const empty = ALL_BROKEN.filter((server) => server.fails.length + (server.warns ?? []).length === 0);
  expect(empty.map((server) => server.name)).toEqual([]);
  expect(
    [...ALL_BROKEN, ...ODD, ...ODD_APIS, ...UNJUDGEABLE].filter((server) => server.source === ''),
  ).toEqual([]);
});

it.each([
  ['broken', BROKEN, 110],
  ['broken ones of other APIs', BROKEN_APIS, 200],
  ['odd', ODD, 45],
  ['odd ones of other APIs', ODD_APIS, 40],
  ['unjudgeable', UNJUDGEABLE, 10],
] as const)('%s servers: enough, each under its own name', (_list, servers, least) => {
  expect(servers.length).toBeGreaterThanOrEqual(least);
  expect(new Set(servers.map((server) => server.name)).size).toBe(servers.length);
});

it('every kind of fault of README.md is there', () => {
  const sources = BROKEN.map((server) => server.source).join(' ');
  const rows = ['C1', 'C2', 'C3', 'C4', 'C5', 'C6', 'C7', 'C8', 'C9', 'C10', 'C11'];
  expect(rows.filter((row) => !new RegExp(`\\b${row}\\b`).test(sources))).toEqual([]);
});
