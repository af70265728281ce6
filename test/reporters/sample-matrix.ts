/** Matrices made up for tests. Nothing here was measured. */
import { type Matrix, matrixOf } from '../../src/matrix/matrix.ts';
import type { FaultNotes, MeasuredRecord, VersionRecord } from '../../src/model/record.ts';
import { absent, present, record, recordedFault, unavailable, withStreams } from '../matrix/records.ts';

const notes: FaultNotes = {
  kind: 'lastchunk-faults',
  schemaVersion: 1,
  product: 'toy',
  faults: [
    {
      check: 'usage-present',
      report: { link: 'https://example.org/issues/7', title: 'No usage in streams', state: 'open' },
      byHand: {
        version: '0.2',
        on: '2026-01-03',
        command: 'curl -N http://h/',
        lines: ['data: {}', 'data: [DONE]'],
      },
    },
    { check: 'usage-last', report: { link: null, searched: '2026-01-04' } },
  ],
};

const early = { 'usage-last': { fail: { early: 2 } } };

/** A product with a fault that is mended, one that came, a warning and a lost version; and one that holds. */
export function sampleMatrix(): Matrix {
  const rest = { 'usage-once': 5, 'stream-end': { warn: { twice: 1 } } };
  const records: readonly VersionRecord[] = [
    unavailable('0.1', 'toy 0.1 died before it was ready'),
    { ...withStreams('0.2', { ...absent, ...rest, 'usage-last': 2 }), faults: [recordedFault()] },
    { ...withStreams('0.3', { ...absent, ...rest, 'usage-last': 2 }), faults: [recordedFault()] },
    {
      ...withStreams('0.4', { ...present, ...rest, ...early }),
      faults: [recordedFault({ check: 'usage-last', class: 'early' })],
      started: ['lastchunk', 'upgrade', 'toy', '--versions', '0.4'],
      halt: { kind: 'died', message: 'it died at chat/stream/asked/json', case: 'chat/stream/asked/json' },
    },
    record('1.0', { product: 'good' }),
    record('1.1', { product: 'good' }),
  ];
  return matrixOf(records, [notes]);
}

/** Everything that a file can choose is the text given. */
export function hostileMatrix(text: string): Matrix {
  const tallies = {
    [text]: { fail: { [text]: 1 } },
    'usage-last': { fail: { [text]: 1 }, warn: { [text]: 1 } },
  };
  const server = { product: text, version: text };
  const fault = recordedFault({ expected: text, observed: text, class: text, case: text, curl: text });
  const measured = { ...record('1').measured, tool: text, suite: text };
  const hostile = (version: string, change: Partial<MeasuredRecord> = {}) =>
    record(version, {
      product: text,
      upstream: server,
      measured,
      identified: server,
      model: text,
      started: [text, text],
      notServed: [text],
      halt: { kind: 'died', message: text, case: text },
      results: { chat: { stream: tallies } },
      faults: ['usage-last', text].map((check) => ({ ...fault, check, frame: { event: text, data: text } })),
      ...change,
    });
  const lost = { ...unavailable(`${text}9`, text), product: text, upstream: server, measured };
  const noted = (
    check: string,
    report: FaultNotes['faults'][number]['report'],
  ): FaultNotes['faults'][number] => ({
    check,
    ...(report ? { report } : {}),
    byHand: { version: text, on: '2026-01-03', command: text, lines: [text, text], shows: text },
  });
  const hostileNotes: FaultNotes = {
    kind: 'lastchunk-faults',
    schemaVersion: 1,
    product: text,
    upstream: text,
    faults: [
      noted('usage-last', { link: 'https://evil.example/a)b|c', title: text, state: 'open' }),
      noted(text, { link: null, searched: '2026-01-04' }),
    ],
  };
  const held = { results: { chat: { stream: { 'usage-last': 5 } } } };
  return matrixOf([hostile(text), hostile(`${text}2`), hostile('3', held), lost], [hostileNotes]);
}
